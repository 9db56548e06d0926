using AccountGrid.Domain.Policies;
using AccountGrid.Faults;

namespace AccountGrid.Domain.State;

/// <summary>
/// Low-balance levels of an account. A level fires when the balance falls below it, once per descent; it is armed again when the balance
/// stands at its re-arming amount. A step that passes several levels gives one notice, for the lowest. A new account's levels are unarmed
/// until its balance first stands above them. Levels by days are amounts too: what so many days are forecast to cost, brought up daily.
/// </summary>
public struct LevelState
{
    private static readonly Money Lowest = new(long.MinValue);
    private static readonly Money Highest = new(long.MaxValue);

    private Level[]? _levels;
    private byte _fired;
    private Money _nextFire;
    private Money _nextRearm;

    /// <summary>How many notices this account has had: the episode that names the next.</summary>
    public int Episode { get; private set; }

    public readonly IReadOnlyList<Level> Levels => _levels ?? [];

    /// <summary>Levels by amount.</summary>
    public readonly IEnumerable<Money> Amounts => Levels.Where(l => l.Kind == LevelKind.Amount).Select(l => l.Fire);

    /// <summary>Bit i is set while level i has fired and is not armed again.</summary>
    public readonly byte Fired => _fired;

    public static LevelState Unarmed(IEnumerable<Money> levels)
    {
        var sorted = levels.Distinct().OrderDescending().Select(Level.OfAmount).ToArray();
        Invariant.Holds(sorted.Length <= Limits.LevelsMax, $"An account has {sorted.Length} low-balance levels; at most {Limits.LevelsMax} are kept.");
        return Restore(sorted, (byte)((1 << sorted.Length) - 1), 0);
    }

    public static LevelState Restore(Level[] levels, byte fired, int episode)
    {
        var state = new LevelState { _levels = levels.Length == 0 ? null : levels, _fired = fired, Episode = episode };
        state.Arm();
        return state;
    }

    /// <summary>
    /// The same levels at other amounts, or others: what fired stays fired. A new level by amount is armed if the balance stands above it; by days, and at the
    /// balance's end, it is armed, since nobody was told of it yet; but by days not below a lower level that was told: nobody is told of more after less.
    /// </summary>
    public readonly LevelState With(Level[] levels, Money balance)
    {
        Invariant.Holds(levels.Length <= Limits.LevelsMax, $"An account has {levels.Length} low-balance levels; at most {Limits.LevelsMax} are kept.");
        var fired = 0;
        for (var i = 0; i < levels.Length; i++)
        {
            var was = Array.FindIndex(_levels ?? [], l => l.Kind == levels[i].Kind && l.Value == levels[i].Value);
            var isFired = was < 0 ? IsToldAlready(levels[i], balance) : (_fired & (1 << was)) != 0;
            fired |= isFired ? 1 << i : 0;
        }

        return Restore(levels, (byte)fired, Episode);
    }

    private readonly bool IsToldAlready(in Level added, Money balance) => added.Kind switch
    {
        LevelKind.Amount => balance <= added.Fire,
        LevelKind.Days => balance < added.Fire && LowestFired is { } told && told.Fire <= added.Fire,
        _ => false,
    };

    /// <summary>The lowest level that has fired and is not armed again; null is none.</summary>
    public readonly Level? LowestFired
    {
        get
        {
            Level? lowest = null;
            for (var i = 0; i < (_levels?.Length ?? 0); i++)
            {
                if ((_fired & (1 << i)) != 0 && (lowest is null || _levels![i].Fire < lowest.Value.Fire))
                {
                    lowest = _levels![i];
                }
            }

            return lowest;
        }
    }

    /// <summary>A balance below the first, or at or above the second, changes something here; nothing in between does.</summary>
    internal readonly (Money Fire, Money Rearm) Bounds => _levels is null ? (Lowest, Highest) : (_nextFire, _nextRearm);

    /// <summary>Compares a new balance with the levels. True if it crossed one or more; the lowest is named.</summary>
    public bool Crossed(Money balance, out Level level)
    {
        level = default;
        if (_levels is null)
        {
            return false;
        }

        if (balance >= _nextRearm)
        {
            Rearm(balance);
        }

        if (balance >= _nextFire)
        {
            return false;
        }

        var found = false;
        for (var i = 0; i < _levels.Length; i++)
        {
            if (balance < _levels[i].Fire && ((_fired & (1 << i)) == 0 || Sabotage.NoHysteresis))
            {
                _fired |= (byte)(1 << i);
                level = !found || _levels[i].Fire < level.Fire ? _levels[i] : level;
                found = true;
            }
        }

        Episode++;
        Arm();
        return true;
    }

    private void Rearm(Money balance)
    {
        for (var i = 0; i < _levels!.Length; i++)
        {
            if (balance >= _levels[i].Rearm)
            {
                _fired &= unchecked((byte)~(1 << i));
            }
        }

        Arm();
    }

    private void Arm()
    {
        _nextFire = Lowest;
        _nextRearm = Highest;
        for (var i = 0; i < (_levels?.Length ?? 0); i++)
        {
            if ((_fired & (1 << i)) == 0 || Sabotage.NoHysteresis)
            {
                _nextFire = Money.Max(_nextFire, _levels![i].Fire);
            }
            else
            {
                _nextRearm = Money.Min(_nextRearm, _levels![i].Rearm);
            }
        }
    }
}
