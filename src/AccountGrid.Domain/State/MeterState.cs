using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.State;

/// <summary>
/// One meter for as long as one account (or nobody) answers for it, from <see cref="FromMs"/> to <see cref="UntilMs"/>. Its import
/// register is a line of known points: <see cref="Tail"/> is the last one of closed days, <see cref="Open"/> packs what came after.
/// Charged and held energy are functions of the set of points. A meter that moved leaves this behind and lives on elsewhere.
/// </summary>
public sealed class MeterState(int number, int assignment)
{
    public int Number { get; } = number;

    /// <summary>Counts the meter's accounts: 0 for the first.</summary>
    public int Assignment { get; } = assignment;

    /// <summary>Null while the meter is on no account.</summary>
    public AccountState? Account { get; set; }

    public MeterRating Rating { get; set; }

    /// <summary>Start of responsibility, UTC ms: the instant of its first point.</summary>
    public long FromMs { get; set; }

    /// <summary>End of responsibility, UTC ms; a reading at this instant still belongs here.</summary>
    public long UntilMs { get; set; } = long.MaxValue;

    /// <summary>Partition that answers for readings before <see cref="FromMs"/>; -1 is none.</summary>
    public int PreviousPartition { get; set; } = -1;

    /// <summary>Partition that answers for readings after <see cref="UntilMs"/>; -1 is none: the meter was taken out.</summary>
    public int NextPartition { get; set; } = -1;

    /// <summary>An earlier time of the same meter in the same partition.</summary>
    public MeterState? Former { get; set; }

    /// <summary>
    /// Last point of the closed days that counts; what is known behind it and does not count is in their rows, and in <see cref="Open"/> where it is open.
    /// </summary>
    public Point Tail { get; set; }

    /// <summary>The last point, whether it counts or not.</summary>
    public Point Last { get; set; }

    public OpenPoints Open;

    /// <summary>Last local day that is closed for this meter; <see cref="int.MinValue"/> is none.</summary>
    public int ClosedThroughDay { get; set; } = int.MinValue;

    /// <summary>End of the last closed day, UTC ms.</summary>
    public long ClosedEndMs { get; set; } = long.MinValue;

    /// <summary>Days that were closed, booked and opened again for late data.</summary>
    public List<BookedDay>? Reopened { get; set; }

    /// <summary>
    /// Use by hour of the last closed days, rising, at most <see cref="Limits.ShapeDays"/>; null where there are none, as where prices do not differ by time.
    /// </summary>
    public List<DayWeights>? Weights { get; set; }

    /// <summary>First day from which on <see cref="Weights"/> knows all closed days.</summary>
    public int WeightsFromDay { get; set; } = int.MinValue;

    /// <summary>Falls and jumps that later points can still explain.</summary>
    public Doubts Doubts { get; set; } = Doubts.None;

    public Energy Charged { get; set; }

    /// <summary>Energy held in exceptions; negative where a register fell.</summary>
    public Energy Held { get; set; }

    /// <summary>When the last reading was taken into the log, UTC ms.</summary>
    public long LastArrivalMs { get; set; }

    /// <summary>The equal differences at the end of the line.</summary>
    public Run Run { get; set; }

    /// <summary>Positions of the first reading since the meter had no open day, and of the last; 0 is none.</summary>
    public long FirstPosition { get; set; }

    public long LastPosition { get; set; }

    /// <summary>Last values of registers that are kept but not charged, by <see cref="RegisterKind"/>; null until there is one.</summary>
    public SideRegister[]? Side { get; set; }

    public bool Covers(long ms) => ms >= FromMs && ms <= UntilMs;
}
