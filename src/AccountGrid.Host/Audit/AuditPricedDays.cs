using AccountGrid.Domain;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Host.Audit;

/// <summary>
/// Through which publication each day of an account is charged by prices of a series: a closed day through what its row says, whose prices must be the
/// latest that there are for the account wherever energy was used, and an open one through the account's. Days that are too old to be charged again keep
/// theirs.
/// </summary>
internal sealed class AuditPricedDays
{
    /// <summary>The shortest time that a pack lets anything be charged back: of older days nothing is said.</summary>
    private const int DaysBack = 28;

    private readonly Dictionary<DateOnly, int> _closed = [];
    private readonly int _account;

    /// <param name="closed">Closed days of all meters in their time on the account.</param>
    public AuditPricedDays(AccountState state, IReadOnlyList<DayRow> closed, IReadOnlyDictionary<int, AuditTariff> tariffs)
    {
        _account = state.PricesThroughOrZero;
        var latest = closed.Select(d => d.Key.Day).DefaultIfEmpty(0).Max();
        foreach (var row in closed)
        {
            // What is exported has no price of the series.
            if (tariffs[row.Tariff].Series is not { } series || !RegisterCodes.IsImport(row.Key.Register))
            {
                continue;
            }

            var day = DateOnly.FromDayNumber(row.Key.Day);
            _closed[day] = Math.Max(_closed.GetValueOrDefault(day), row.PricesThrough);
            var number = series.NumberOf(day, _account);
            if (row.Key.Day > latest - DaysBack && IsPricedOtherwise(series, day, row, number))
            {
                Differences.Add(
                    $"its {Instants.DayToText(row.Key.Day)} is charged by prices through publication {row.PricesThrough}, and those through {number} count");
            }
        }
    }

    public List<string> Differences { get; } = [];

    /// <summary>The account's books, without anything in them yet; what is wrong with its days is said.</summary>
    /// <param name="closed">Closed days of all meters in their time on the account.</param>
    public static AuditAccount BooksOf(
        AccountState state, IReadOnlyList<DayRow> closed, IReadOnlyDictionary<int, AuditTariff> tariffs, List<string> differences)
    {
        var priced = new AuditPricedDays(state, closed, tariffs);
        differences.AddRange(priced.Differences.Select(d => $"account {state.Number}: {d}"));
        var books = new AuditAccount(
            AuditProducts.Held([.. state.Tariffs.Select(t => (t.FromDay, t.Tariff, t.Follows))], tariffs),
            start => state.HouseholdOf(start.DayNumber) is var h ? (h.Size, h.Protected) : default,
            state.Status == AccountStatus.Closed, priced.ThroughOf);
        books.Contract(state.Contracted.Select(c => (DateOnly.FromDayNumber(c.FromDay), c.Milli, Domain.Rating.CapacityUnits.Text(c.Unit))));
        return books;
    }

    /// <summary>Whether an interval in which energy was used costs something else through another publication than the row's.</summary>
    private static bool IsPricedOtherwise(AuditPrices series, DateOnly day, DayRow row, int number) =>
        number != row.PricesThrough
        && row.RateWh.Index().Any(r => r.Item != 0 && series.Price(day, r.Index, row.PricesThrough) != series.Price(day, r.Index, number));

    public int ThroughOf(DateOnly day) => _closed.GetValueOrDefault(day, _account);
}
