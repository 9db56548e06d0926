namespace AccountGrid.LoadTest.Faults;

/// <param name="Cases">Only these; empty draws from all.</param>
/// <param name="Before">An earlier build, from which the grid is upgraded under load first.</param>
/// <param name="Each">Every fault once, in order, however long that takes.</param>
/// <param name="Sabotage">Switches of the test build that break it on purpose; null is none.</param>
internal sealed record FaultOptions(int Seed, double Minutes, IReadOnlyList<string> Cases, string? Folder, string? Sabotage = null, bool StopsAtFirst = false,
    bool Each = false, string? Before = null);
