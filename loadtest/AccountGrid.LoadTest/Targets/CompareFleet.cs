namespace AccountGrid.LoadTest.Targets;

/// <summary>The fleet that all targets are compared with; its ids can be made from numbers alone.</summary>
internal static class CompareFleet
{
    public const string Prefix = "C";

    public static string MeterId(int meter) => $"{Prefix}M{meter:0000000}";
}
