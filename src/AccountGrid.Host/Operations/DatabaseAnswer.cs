namespace AccountGrid.Host.Operations;

/// <summary>The first database server.</summary>
/// <param name="SizeBytes">Of the grid's database on disk.</param>
/// <param name="Connections">Taken.</param>
/// <param name="ConnectionsMax">What it allows to ordinary users.</param>
/// <param name="LogServers">Servers that the log lies on, this one included.</param>
public sealed record DatabaseAnswer(long SizeBytes, int Connections, int ConnectionsMax, int LogServers);
