using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Notices;

/// <summary>Who is told of a change of price, and until when. (DOMAIN, tariffs; issue 19: announced at least as long before as the policy pack says.)</summary>
public static class PriceNoticeRules
{
    /// <summary>
    /// The version that another takes the place of for an account: it is on the product on the last day before the version's first and on that day, and has
    /// agreed on no version. Null for everyone else: who leaves before, who begins with the version, and once the version has begun.
    /// </summary>
    /// <param name="nowMs">Time in the log, UTC ms: what was announced, withdrawn or agreed on counts as of then.</param>
    public static Tariff? ReplacedBy(Tariff version, AccountState account, long nowMs)
    {
        var first = version.FromDay;
        if (account.Status == AccountStatus.Closed || account.Internal is not null || first == int.MinValue || account.OpenedDay >= first
            || account.Calendar.DayOf(nowMs) >= first)
        {
            return null;
        }

        return account.IsFollowingOn(first - 1, nowMs) && account.IsFollowingOn(first, nowMs)
            && account.TariffOf(first - 1, nowMs) is var before && before.Product == version.Product && account.TariffOf(first, nowMs) == version
            ? before
            : null;
    }

    /// <summary>Whether a notice that leaves on a day is early enough.</summary>
    /// <param name="leavesDay">Local day on which it leaves, quiet hours being over.</param>
    /// <param name="firstDay">First local day of the price.</param>
    /// <param name="noticeDays">What the account's policy pack asks for, days.</param>
    public static bool IsInTime(int leavesDay, int firstDay, int noticeDays) => firstDay - leavesDay >= noticeDays;
}
