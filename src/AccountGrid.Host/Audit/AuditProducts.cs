using AccountGrid.Domain;

namespace AccountGrid.Host.Audit;

/// <summary>Which version an account is on from which day, worked out again from what was agreed and from the versions' own days.</summary>
/// <param name="tariffs">All versions by number.</param>
internal sealed class AuditProducts(IReadOnlyDictionary<int, AuditTariff> tariffs)
{
    private readonly List<(int FromDay, int Tariff, bool Follows)> _agreed = [];

    /// <summary>What was agreed by first day, rising.</summary>
    public IReadOnlyList<(int FromDay, int Tariff, bool Follows)> Agreed => _agreed;

    /// <summary>Versions by first day, rising.</summary>
    public List<(DateOnly From, AuditTariff Tariff)> Versions { get; private set; } = [];

    /// <summary>Takes an agreement, which ends those from its day on.</summary>
    /// <param name="isCorrection">It is from a past day, and holds until the next agreement only.</param>
    /// <returns>What is wrong with it: the version in force on a day is charged on that day. (DOMAIN, accounts.)</returns>
    public IEnumerable<string> Agree(int fromDay, int tariff, bool follows, bool isCorrection = false)
    {
        _agreed.RemoveAll(a => a.FromDay == fromDay || (a.FromDay > fromDay && !isCorrection));
        _agreed.Add((fromDay, tariff, follows));
        _agreed.Sort((a, b) => a.FromDay.CompareTo(b.FromDay));
        Versions = Held(_agreed, tariffs);
        return tariffs[tariff].FromDay <= fromDay
            ? []
            : [$"tariff {tariff} is charged from {Instants.DayToText(fromDay)}, and in force from {Instants.DayToText(tariffs[tariff].FromDay)} only"];
    }

    /// <summary>
    /// An agreement on a version is that version; one on a product is the version in force on its first day, and each later one from its day on. A version that
    /// was withdrawn never holds: whoever agreed on it has the product's.
    /// </summary>
    /// <param name="agreed">By first day, rising.</param>
    public static List<(DateOnly From, AuditTariff Tariff)> Held(
        IReadOnlyList<(int FromDay, int Tariff, bool Follows)> agreed, IReadOnlyDictionary<int, AuditTariff> tariffs)
    {
        var held = new List<(DateOnly From, AuditTariff Tariff)>();
        for (var i = 0; i < agreed.Count; i++)
        {
            var (from, number, follows) = agreed[i];
            var (named, until) = (tariffs[number], i + 1 < agreed.Count ? agreed[i + 1].FromDay : int.MaxValue);
            if (!follows && !named.IsWithdrawn)
            {
                held.Add((DateOnly.FromDayNumber(from), named));
                continue;
            }

            var versions = tariffs.Values.Where(t => t.Product == named.Product && !t.IsWithdrawn).OrderBy(t => t.FromDay).ToList();
            held.Add((DateOnly.FromDayNumber(from), versions.FindLast(t => t.FromDay <= from) ?? named));
            held.AddRange(versions.Where(t => t.FromDay > from && t.FromDay < until).Select(t => (DateOnly.FromDayNumber(t.FromDay), t)));
        }

        return held;
    }
}
