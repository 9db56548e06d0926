using AccountGrid.Domain;

namespace AccountGrid.Host.MeterFiles;

/// <summary>What the grid has of a meter's registers.</summary>
public interface IMeterValues
{
    /// <summary>The last value of each register that the meter has; null where the meter is not known, or may not be asked for.</summary>
    Task<IReadOnlyDictionary<RegisterKind, KnownRegister>?> LastAsync(string meter);

    /// <summary>Values of a register that count, from a day before one instant to a day behind another, by UTC ms.</summary>
    Task<SortedList<long, KnownValue>> BetweenAsync(string meter, RegisterKind register, long fromMs, long toMs);
}
