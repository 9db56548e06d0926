namespace AccountGrid.Host.Security;

/// <summary>How many calls that stay open each caller has on this process.</summary>
internal sealed class OpenStreams
{
    private readonly Dictionary<string, int> _open = [];
    private readonly Lock _counting = new();

    /// <summary>Counts one more of a caller; false, and none is counted, where that would be too many.</summary>
    public bool TryAdd(string caller, int max)
    {
        lock (_counting)
        {
            var open = _open.GetValueOrDefault(caller);
            if (open >= max)
            {
                return false;
            }

            _open[caller] = open + 1;
            return true;
        }
    }

    public void Remove(string caller)
    {
        lock (_counting)
        {
            if (--_open[caller] == 0)
            {
                _open.Remove(caller);
            }
        }
    }
}
