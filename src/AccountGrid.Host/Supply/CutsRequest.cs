namespace AccountGrid.Host.Supply;

/// <param name="Stopped">True holds every cut; restores go on.</param>
public sealed record CutsRequest(bool Stopped, string Reason);
