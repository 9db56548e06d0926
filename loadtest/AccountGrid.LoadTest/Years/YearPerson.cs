using AccountGrid.Domain;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>One customer with a meter: what they use, how they pay, and what was told to them. Everything drawn from the seed and the number.</summary>
internal sealed class YearPerson
{
    private readonly Random _random;

    public YearPerson(int number, int partition, YearMarket market, PaymentMode mode, Manner manner, LocalCalendar calendar, int seed)
    {
        (Number, Partition, Market, Mode, OpenedMode, Manner, Calendar) = (number, partition, market, mode, mode, manner, calendar);
        Prices.Add(new PriceSpan(int.MinValue, market.PriceMicro, 0, false));
        _random = new Random(YearRun.Mix(seed, number));
        BaseWh = 1_000 + _random.Next(9_000);
        if (market.Pack == "cn-business")
        {
            BaseWh *= 8;
        }
    }

    public int Number { get; }

    public int Partition { get; }

    public YearMarket Market { get; }

    public string Pack => Market.Pack;

    /// <summary>Smallest unit of the currency, nano.</summary>
    public long UnitNano => Market.UnitNano;

    public PaymentMode OpenedMode { get; }

    /// <summary>As it is now.</summary>
    public PaymentMode Mode { get; private set; }

    /// <summary>Position of the change to prepaid; the largest number is none.</summary>
    public long SwitchPosition { get; private set; } = long.MaxValue;

    public long SwitchMs { get; private set; } = long.MaxValue;

    /// <summary>Changes to prepaid that were refused, and whether they brought terms for a debt.</summary>
    public List<(long Position, bool HasTerms)> RefusedSwitches { get; } = [];

    public Manner Manner { get; }

    public LocalCalendar Calendar { get; }

    /// <summary>Prices, each from a local day on; one price at all hours, so that the model needs nobody's rating.</summary>
    public List<PriceSpan> Prices { get; } = [];

    /// <summary>Energy of a quarter of an ordinary day, Wh.</summary>
    public int BaseWh { get; }

    /// <summary>Meters that are the account's now.</summary>
    public List<YearMeter> Meters { get; } = [];

    public List<Tenure> Tenures { get; } = [];

    public List<Arrival> Arrivals { get; } = [];

    public bool HasSupply => Meters.TrueForAll(m => m.IsOn);

    /// <summary>Energy that all meters counted in their time here, Wh.</summary>
    public long UsedWh { get; private set; }

    public List<Happening> Happenings { get; } = [];

    public List<Received> Messages { get; } = [];

    public List<Span> Spans { get; } = [];

    /// <summary>When the person does something next, and what: money to pay, in nano.</summary>
    public SortedList<long, long> Payments { get; } = [];

    public Random Random => _random;

    /// <summary>The mode by which a record at a position is judged.</summary>
    public PaymentMode ModeAt(long position) => position > SwitchPosition ? PaymentMode.Prepaid : OpenedMode;

    public PaymentMode ModeAtMs(long ms) => ms > SwitchMs ? PaymentMode.Prepaid : OpenedMode;

    public void SwitchToPrepaid(long position, long atMs) => (Mode, SwitchPosition, SwitchMs) = (PaymentMode.Prepaid, position, atMs);

    /// <summary>
    /// The price of an interval that ends at an instant: of the local day that it lies in. (DOMAIN, accounts: the version in force on a day is charged on
    /// that day.)
    /// </summary>
    public long PriceMicroAt(long endMs) => Prices.FindLast(p => p.FromDay <= Calendar.DayOf(endMs - 1)).PriceMicro;

    /// <summary>Energy of an interval, charged at a position.</summary>
    public void Use(long position, long endMs, long wh, long arrivedMs)
    {
        UsedWh += wh;
        Happenings.Add(new Happening(position, endMs, HappeningKind.Reading, -PriceMicroAt(endMs) * wh, arrivedMs));
    }

    /// <summary>A meter of another account brought energy, charged where the grid says that it was installed.</summary>
    public void Receive(Arrival arrival, long position) => Use(position, arrival.AtMs + 1, arrival.Wh, arrival.ArrivedMs);

    public void Lost(int meter, long atMs)
    {
        var last = Tenures.FindLastIndex(t => t.Meter == meter);
        Tenures[last] = Tenures[last] with { UntilMs = atMs };
    }

    /// <summary>
    /// Uses energy up to an instant, by season, day of the week and chance, and nothing while supply is off. Registers are read there, and where a new price
    /// begins.
    /// </summary>
    public void Live(long atMs)
    {
        var date = DateOnly.FromDayNumber(Calendar.DayOf(atMs - 1));
        var season = 1.0 + (0.35 * Math.Cos((date.DayOfYear - 15) * 2 * Math.PI / 365));
        var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 1.2 : 1.0;
        foreach (var meter in Meters)
        {
            var wh = meter.IsOn ? Math.Max(1, (long)(BaseWh * season * weekend * (0.5 + _random.NextDouble()))) : 0;
            foreach (var border in Prices.Skip(1).Select(p => Calendar.StartOf(p.FromDay)).Where(b => b > meter.LastMs && b < atMs))
            {
                var part = wh * (border - meter.LastMs) / (atMs - meter.LastMs);
                meter.Read(border, part);
                wh -= part;
            }

            meter.Read(atMs, wh);
        }
    }

    /// <summary>A message has come. What follows is up to the person's manner.</summary>
    public void Hear(string id, string kind, Money? amount, Money? balance, long atMs, bool proven)
    {
        Messages.Add(new Received(id, kind, atMs, proven, balance?.Nano, amount?.Nano));
        var ask = amount ?? Money.Zero;
        if (ask > Money.Zero && kind is "last-notice" or "stop-notice" or "demand" && _random.NextDouble() < 0.35)
        {
            // Does what it says, to the cent, before anything else.
            Payments.Clear();
            PayIn(kind == "last-notice" ? 0 : Hours(1, 60), ask, atMs);
            return;
        }

        switch (kind)
        {
            case "low-balance" when Manner == Manner.Prompt:
                PayIn(Hours(1, 30), TopUp(), atMs);
                break;
            case "balance-exhausted" or "credit-used" when Manner is Manner.Prompt or Manner.Late:
                PayIn(Hours(6, 80), TopUp(), atMs);
                break;
            case "balance-exhausted" or "credit-used" when Manner == Manner.Partial:
                PayIn(Hours(4, 200), Market.Amount(1 + (_random.NextDouble() * 4)), atMs);
                break;
            case "bill" when Manner == Manner.Prompt:
                PayIn(Hours(10, 200), ask, atMs);
                break;
            case "courtesy-reminder" when Manner is Manner.Prompt or Manner.Late:
            case "demand" when Manner is Manner.Prompt or Manner.Late:
                PayIn(Hours(5, 150), ask, atMs);
                break;
            case "payment-due" or "courtesy-reminder" or "plan-offer" or "demand" or "stop-notice" when Manner == Manner.Partial:
                PayIn(Hours(5, 60), new Money(ask.Nano * (20 + _random.Next(40)) / 100 / UnitNano * UnitNano), atMs);
                break;
            case "supply-cut":
                PayIn(Hours(2, 90), ask + (Mode == PaymentMode.Prepaid && _random.Next(2) == 0 ? TopUp() : Money.Zero), atMs);
                break;
        }
    }

    private long Hours(int from, int to) => (long)((from + (_random.NextDouble() * (to - from))) * Instants.MsPerHour);

    /// <summary>About two weeks of what the person uses.</summary>
    private Money TopUp() => new(Math.Max(Market.Amount(5).Nano, BaseWh * 4L * (7 + _random.Next(10)) * Prices[^1].PriceMicro / UnitNano * UnitNano));

    private void PayIn(long waitMs, Money amount, long nowMs)
    {
        // One intention at a time: whoever is told twice pays once.
        if (amount > Money.Zero && Payments.Count == 0)
        {
            Payments[nowMs + waitMs] = amount.Nano;
        }
    }
}
