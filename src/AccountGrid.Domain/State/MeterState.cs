using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;

namespace AccountGrid.Domain.State;

/// <summary>
/// One meter for as long as one account (or nobody) answers for it, from <see cref="FromMs"/> to <see cref="UntilMs"/>. Its import
/// register is a line of known points: <see cref="Tail"/> is the last one of closed days, <see cref="Open"/> packs what came after.
/// Charged and held energy are functions of the set of points. A meter that moved leaves this behind and lives on elsewhere. A rate register of a meter that is
/// charged by them is a line of the same kind, in its meter's <see cref="Rates"/>.
/// </summary>
public sealed class MeterState(int number, int assignment, RegisterKind register = RegisterKind.Import)
{
    private ITariffByDay? _tariffs;

    public int Number { get; } = number;

    /// <summary>The register that this is the line of.</summary>
    public RegisterKind Register { get; } = register;

    /// <summary>
    /// Lines of the rate registers, 1.8.1 first, of a meter that is charged by them; null of one that is charged by 1.8.0. Fixed by the installation. All lines
    /// of a meter begin and end, close and open their days together.
    /// </summary>
    public MeterState[]? Rates { get; set; }

    /// <summary>
    /// Line of 2.8.0, of a meter that measures export; null of one that does not. Fixed by the installation, as <see cref="Rates"/>: it begins, ends, closes
    /// and
    /// opens its days with the others. Its energy is none of what is charged.
    /// </summary>
    public MeterState? Export
    {
        get;
        set
        {
            field = value;
            IsNetted = value is not null;
            Array.ForEach(Rates ?? [], r => r.IsNetted = IsNetted);
        }
    }

    /// <summary>
    /// Line of 3.8.0, of a meter that measures reactive energy; null of one that does not. Fixed by the installation, as <see cref="Export"/>. It moves no
    /// money by itself: a power factor is worked out from it, in varh.
    /// </summary>
    public MeterState? Reactive
    {
        get;
        set
        {
            field = value;
            MeasuresReactive = value is not null;
            Array.ForEach(Rates ?? [], r => r.MeasuresReactive = MeasuresReactive);
        }
    }

    /// <summary>Whether the line's meter measures reactive energy beside the line's own.</summary>
    public bool MeasuresReactive { get; private set; }

    /// <summary>Number of the first meter of its place: its own, or that of the one that it replaced there.</summary>
    public int SupplyPoint { get; set; } = number;

    /// <summary>Whether the line's meter measures export, which is taken off its import where the tariff says so.</summary>
    public bool IsNetted { get; private set; }

    /// <summary>Whether the line's energy is charged: 1.8.0 of a meter that is charged by its rate registers is only compared with them.</summary>
    public bool IsCharged => Rates is null;

    /// <summary>The meter's lines of imported energy: 1.8.0, then its rate registers.</summary>
    public IEnumerable<MeterState> ImportLines => Rates is { } rates ? rates.Prepend(this) : [this];

    /// <summary>
    /// All lines of the meter: those of imported energy, then 2.8.0 where it measures export, then 3.8.0 where it measures reactive energy.
    /// </summary>
    public IEnumerable<MeterState> Lines => (Export, Reactive) switch
    {
        (null, null) => ImportLines,
        ({ } export, null) => ImportLines.Append(export),
        (null, { } reactive) => ImportLines.Append(reactive),
        ({ } export, { } reactive) => ImportLines.Append(export).Append(reactive),
    };

    /// <summary>The lines that are charged.</summary>
    public IEnumerable<MeterState> ChargedLines => Rates ?? [this];

    /// <summary>The lines that move money: those that are charged, and 2.8.0 where the meter measures export.</summary>
    public IEnumerable<MeterState> RatedLines => Export is { } export ? ChargedLines.Append(export) : ChargedLines;

    /// <summary>Imported energy that is charged.</summary>
    public Energy TotalCharged => ImportLines.Aggregate(Energy.Zero, (sum, l) => sum + l.Charged);

    /// <summary>Imported energy that is held.</summary>
    public Energy TotalHeld => ImportLines.Aggregate(Energy.Zero, (sum, l) => sum + l.Held);

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

    /// <summary>The last point that no person dismissed.</summary>
    public Point LastReading
    {
        get
        {
            if (!RegisterLine.IsDismissed(Last))
            {
                return Last;
            }

            var open = Open.ToList();
            var at = open.FindLastIndex(p => !RegisterLine.IsDismissed(p));
            return at < 0 ? Tail : open[at];
        }
    }

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

    /// <summary>Beginning of the run that a person decided is so, UTC ms; 0 is none. It holds while that run lasts.</summary>
    public long RunDecidedMs { get; set; }

    /// <summary>
    /// What a person should know of the run at the end of the line when it lasts until an instant; null is nothing, or nothing that was not decided.
    /// </summary>
    public VeeOutcome? FindingAt(long untilMs) =>
        Run.SinceMs == RunDecidedMs || (Register != RegisterKind.Import && Run.StepWh == 0) ? null : Run.FindingAt(untilMs);

    /// <summary>Positions of the first reading since the meter had no open day, and of the last; 0 is none.</summary>
    public long FirstPosition { get; set; }

    public long LastPosition { get; set; }

    /// <summary>Last values of registers that are kept but not charged, by <see cref="RegisterKind"/>; null until there is one.</summary>
    public SideRegister[]? Side { get; set; }

    public bool Covers(long ms) => ms >= FromMs && ms <= UntilMs;

    /// <summary>The line of a register; null where the meter has none of it.</summary>
    public MeterState? LineOf(RegisterKind register) =>
        register == RegisterKind.Import ? this
        : register == RegisterKind.Export ? Export
        : register == RegisterKind.Reactive ? Reactive
        : RegisterCodes.IsRate(register) && Rates is { } rates && register - RegisterKind.ImportRate1 is var index && index < rates.Length ? rates[index]
        : null;

    /// <summary>Tariffs with the rates that the line's energy has at each time.</summary>
    public ITariffByDay TariffsOf(AccountState account) =>
        RegisterCodes.IsRate(Register) ? _tariffs ??= new RegisterTariffs(account, Register) : account;

    /// <summary>Whether the line's energy has prices that differ by time on a local day: not where the day's tariff has one rate for the register.</summary>
    public bool IsTimeOfUse(AccountState account, int day) =>
        IsCharged && account.TariffOf(day) is { IsTimeOfUse: true } tariff && tariff.RateOf(Register) is null;
}
