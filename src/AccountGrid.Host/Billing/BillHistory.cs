using AccountGrid.Domain.Billing;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Rating;

namespace AccountGrid.Host.Billing;

/// <summary>What an account's events say that its bills need: its tariffs and households by day, and where its billing began.</summary>
internal sealed class BillHistory
{
    private readonly List<(int FromDay, (int Number, bool Follows) Agreed)> _tariffs = [];
    private readonly List<(int FromDay, Household Household)> _households = [];

    /// <summary>Types of the events that it takes, as they are stored.</summary>
    public static string[] Types { get; } = ["account-opened", "tariff-changed", "household-changed", "customer-set"];

    /// <summary>Where the account came under a pack.</summary>
    public LedgerPlace Begun { get; private set; }

    /// <summary>Takes the events in their order.</summary>
    public void Take(AccountEvent happened, LedgerPlace place)
    {
        switch (happened)
        {
            case AccountOpened e:
                _tariffs.Add((e.OpenedDay, (e.Tariff, e.Follows)));
                _households.Add((e.OpenedDay, new Household(e.HouseholdSize, e.Protected)));
                break;
            case TariffChanged e:
                _tariffs.RemoveAll(t => t.FromDay == e.FromDay || (t.FromDay > e.FromDay && e.Corrected is null));
                _tariffs.Insert(_tariffs.FindLastIndex(t => t.FromDay < e.FromDay) + 1, (e.FromDay, (e.Tariff, e.Follows)));
                break;
            case HouseholdChanged e:
                _households.RemoveAll(h => h.FromDay >= e.FromDay);
                _households.Add((e.FromDay, new Household(e.HouseholdSize, e.Protected)));
                break;
            case CustomerSet when Begun == default:
                Begun = place;
                break;
        }
    }

    /// <summary>The version that was charged on a local day; before the first, the first.</summary>
    public Tariff TariffOf(int day, TariffCatalog tariffs)
    {
        var (number, follows) = Of(_tariffs, day);
        var named = tariffs.Get(number);
        return follows || named.Product.IsWithdrawn(named) ? named.Product.VersionOn(Math.Max(day, _tariffs[0].FromDay)) ?? named : named;
    }

    public int OpenedDay => _tariffs[0].FromDay;

    public Household HouseholdOf(int day) => Of(_households, day);

    private static T Of<T>(List<(int FromDay, T Value)> spans, int day) =>
        spans.Exists(s => s.FromDay <= day) ? spans.FindLast(s => s.FromDay <= day).Value : spans[0].Value;
}
