namespace AccountGrid.LoadTest.Years;

internal enum HappeningKind
{
    Reading,
    Payment,
    Bounce,
    Adjustment,
}
