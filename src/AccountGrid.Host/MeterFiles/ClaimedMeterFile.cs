namespace AccountGrid.Host.MeterFiles;

/// <summary>A file that this process reads now.</summary>
/// <param name="Run">How often it was begun; what is written of it names this number.</param>
internal sealed record ClaimedMeterFile(string Id, int Run, int Gateway, string? Format, string? Mapping, byte[] Content);
