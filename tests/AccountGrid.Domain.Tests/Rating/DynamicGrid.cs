using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Rating;

/// <summary>Account 1 with meter 7 in Berlin on a tariff that follows a series; short words for its tests.</summary>
internal sealed class DynamicGrid
{
    private long _wh;
    private long _exported;

    public DynamicGrid(string start, TariffDefinition? tariff = null, bool packs = true, PaymentMode mode = PaymentMode.Postpaid,
        bool exports = false)
    {
        Grid = new FoldHarness(1, packs, tariff ?? Tariff());
        Series = Grid.Book.Add(SeriesOf(Grid.Tariff(1).Definition.Dynamic!.ResolutionMinutes));
        var ms = Given.At(start);
        Grid.Execute(0, Given.Open(1, start[..10]) with { Mode = mode }, ms);
        Grid.Execute(0, new InstallMeter(7, 1, new MeterRating(0, 0, 0), ms, 0, null, exports ? 0 : null), ms);
    }

    public FoldHarness Grid { get; }

    public PriceSeries Series { get; }

    public AccountState Account => Grid.Account(1);

    public string Balance => Account.Balance.ToString();

    public static PriceSeriesDefinition SeriesOf(int resolution) => new()
    {
        Id = "day-ahead",
        Zone = "Europe/Berlin",
        Currency = "EUR",
        ResolutionMinutes = resolution,
        FallbackPerKwh = "0.5",
    };

    /// <summary>The series' price and nothing else.</summary>
    public static TariffDefinition Tariff(int resolution = 60, string factor = "1", string surcharge = "0", string floor = "-10", string cap = "10") =>
        Given.Flat("0", "Europe/Berlin") with
        {
            Id = "dynamic",
            Currency = "EUR",
            Dynamic = new()
            {
                Series = "day-ahead",
                ResolutionMinutes = resolution,
                Factor = factor,
                SurchargePerKwh = surcharge,
                FloorPerKwh = floor,
                CapPerKwh = cap,
            },
        };

    /// <summary>Prices of a local day from an interval on, 10^-6 a kWh.</summary>
    public static List<PublishedPrice> Of(string day, int from, params long[] micro) =>
        [.. micro.Select((m, i) => new PublishedPrice(Given.Day(day), from + i, m))];

    /// <summary>The same price in every interval of some local days.</summary>
    public List<PublishedPrice> Whole(string first, int days, Func<int, long> micro) =>
    [
        .. Enumerable.Range(Given.Day(first), days).SelectMany(d => Enumerable.Range(0, Series.CountOf(d)).Select(i => new PublishedPrice(d, i, micro(i)))),
    ];

    public int Publish(string at, IReadOnlyList<PublishedPrice> prices) => Grid.Publish(Series, Given.At(at), prices);

    /// <summary>The meter counts so many Wh more at an instant, and is read then.</summary>
    public void Use(string at, long wh, string? received = null) =>
        Grid[0].Append(Given.At(received ?? at), new Reading(7, RegisterKind.Import, Given.At(at), _wh += wh, 0, 0));

    /// <summary>The meter counts so many Wh more of export at an instant, and 2.8.0 is read then.</summary>
    public void Deliver(string at, long wh, string? received = null) =>
        Grid[0].Append(Given.At(received ?? at), new Reading(7, RegisterKind.Export, Given.At(at), _exported += wh, 0, 0));

    public void Check(string at)
    {
        Grid[0].Append(new Check(Given.At(at), [1]), Given.At(at));
        Grid.Settle();
    }

    public void Settle() => Grid.Settle();
}
