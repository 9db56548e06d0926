namespace AccountGrid.Host.Hosting;

/// <summary>Set once everything a caller needs is there.</summary>
public sealed class GridReadiness
{
    private bool _isReady;

    public bool IsReady
    {
        get => _isReady;
        set => (_isReady, HasBeenReady) = (value, HasBeenReady || value);
    }

    /// <summary>Stays set while a process that was ready joins again, or leaves.</summary>
    public bool HasBeenReady { get; private set; }
}
