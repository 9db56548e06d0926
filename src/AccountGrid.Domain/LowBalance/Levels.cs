namespace AccountGrid.Domain.LowBalance;

/// <summary>
/// Low-balance levels of an account by amount. A level fires when the balance falls below it, once per descent; it is armed again
/// when the balance stands at the level plus the hysteresis. A step that passes several levels gives one notice, for the lowest.
/// A new account's levels are unarmed until its balance first stands above them.
/// </summary>
public struct LevelState
{
    /// <summary>Share of a level above it at which it is armed again, percent.</summary>
    public const int HysteresisPercent = 10;

    private long[]? _levels;
    private byte _fired;
    private long _nextFireNano;
    private long _nextRearmNano;

    /// <summary>How many notices this account has had: the episode that names the next.</summary>
    public int Episode { get; private set; }

    /// <summary>Levels, nano, falling.</summary>
    public readonly IReadOnlyList<long> LevelsNano => _levels ?? [];

    /// <summary>Bit i is set while level i has fired and is not armed again.</summary>
    public readonly byte Fired => _fired;

    public static LevelState Unarmed(IEnumerable<Money> levels)
    {
        var sorted = levels.Select(l => l.Nano).Distinct().OrderDescending().ToArray();
        Invariant.Holds(sorted.Length <= Limits.LevelsMax, $"An account has {sorted.Length} low-balance levels; at most {Limits.LevelsMax} are kept.");
        return Restore(sorted, (byte)((1 << sorted.Length) - 1), 0);
    }

    public static LevelState Restore(long[] levelsNano, byte fired, int episode)
    {
        var state = new LevelState { _levels = levelsNano.Length == 0 ? null : levelsNano, _fired = fired, Episode = episode };
        state.Arm();
        return state;
    }

    /// <summary>A balance below the first, or at or above the second, changes something here; nothing in between does.</summary>
    internal readonly (long FireNano, long RearmNano) Bounds => _levels is null ? (long.MinValue, long.MaxValue) : (_nextFireNano, _nextRearmNano);

    /// <summary>Compares a new balance with the levels. True if it crossed one, which is then named by its amount.</summary>
    public bool Crossed(Money balance, out Money level)
    {
        level = default;
        if (_levels is null)
        {
            return false;
        }

        if (balance.Nano >= _nextRearmNano)
        {
            Rearm(balance.Nano);
        }

        if (balance.Nano >= _nextFireNano)
        {
            return false;
        }

        for (var i = 0; i < _levels.Length && balance.Nano < _levels[i]; i++)
        {
            if ((_fired & (1 << i)) == 0)
            {
                _fired |= (byte)(1 << i);
                level = new(_levels[i]);
            }
        }

        Episode++;
        Arm();
        return true;
    }

    /// <summary>Balance at which a level is armed again, nano.</summary>
    public static long RearmNano(long levelNano) => levelNano + Math.Max(Money.NanoPerUnit / 100, Math.Abs(levelNano) / 100 * HysteresisPercent);

    private void Rearm(long balanceNano)
    {
        for (var i = 0; i < _levels!.Length; i++)
        {
            if (balanceNano >= RearmNano(_levels[i]))
            {
                _fired &= (byte)~(1 << i);
            }
        }

        Arm();
    }

    private void Arm()
    {
        _nextFireNano = long.MinValue;
        _nextRearmNano = long.MaxValue;
        for (var i = 0; i < (_levels?.Length ?? 0); i++)
        {
            if ((_fired & (1 << i)) == 0)
            {
                _nextFireNano = Math.Max(_nextFireNano, _levels![i]);
            }
            else
            {
                _nextRearmNano = Math.Min(_nextRearmNano, RearmNano(_levels![i]));
            }
        }
    }
}
