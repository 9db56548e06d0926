namespace AccountGrid.Host.MeterFiles;

/// <summary>An instant of a file, UTC ms; of a local time that happens twice both.</summary>
/// <param name="SecondMs">Where the time happens once, as <paramref name="Ms"/>.</param>
internal readonly record struct FileTime(long Ms, long SecondMs)
{
    public bool IsTwice => SecondMs != Ms;
}
