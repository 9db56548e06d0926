namespace AccountGrid.Host.Hosting;

/// <summary>Set once everything a caller needs is there.</summary>
public sealed class GridReadiness
{
    public bool IsReady { get; set; }
}
