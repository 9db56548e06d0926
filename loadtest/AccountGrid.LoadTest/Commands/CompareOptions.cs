namespace AccountGrid.LoadTest.Commands;

/// <param name="WarmUpSeconds">Load before each turn that is not measured.</param>
internal sealed record CompareOptions(int Meters, double Seconds, int Turns, string? Json, string? Data, int Senders, bool Backlog,
    double WarmUpSeconds = 10);
