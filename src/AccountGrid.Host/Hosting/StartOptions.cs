namespace AccountGrid.Host.Hosting;

/// <summary>What a process is started with.</summary>
/// <param name="Data">Data folder; null is the machine's default.</param>
/// <param name="Urls">Address of the API; null is loopback, port 5080.</param>
/// <param name="Arguments">Further configuration as <c>--Section:Name=value</c>.</param>
/// <param name="Quiet">Only warnings in the log.</param>
/// <param name="Time">The grid's clock; null is the database's.</param>
public sealed record StartOptions(string? Data = null, string? Urls = null, string[]? Arguments = null, bool Quiet = false, TimeProvider? Time = null);
