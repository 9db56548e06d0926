using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>
/// What the periods of an account under net metering leave to each other: a function of their sums. A period goes on with what the one before it left, where
/// that was under a version of the same product that nets alike. Periods without energy and standing days are none. What is left is settled once anything is
/// known of days after a settlement's date, and when the account is closed: who leaves a tariff keeps what is left until then, and no balance has money for it
/// before. What is settled is paid in the period that left it.
/// </summary>
public static class ExportChain
{
    /// <summary>Terms of all periods; null where none is under net metering, or no meter measures export.</summary>
    /// <param name="closed">By closed days only; else by all.</param>
    public static NetTerms[]? Of(AccountState account, bool closed)
    {
        if (!IsAny(account))
        {
            return null;
        }

        var terms = new NetTerms[account.Periods.Count];
        var left = new long[]?[terms.Length];
        foreach (var carried in account.Carried)
        {
            if (NextOf(account, account.TariffByNumber(carried.Tariff), 0, closed) is { } first)
            {
                left[first] = Sum(left[first], ExportTerms.Carry(carried.Left, account.TariffByNumber(carried.Tariff), TariffOf(account, first)));
            }
        }

        var last = account.Periods.FindLast(p => SumsOf(p, closed) != default)?.StartDay ?? int.MinValue;
        for (var i = 0; i < terms.Length; i++)
        {
            if (NetOf(account, i) is not { } net || SumsOf(account.Periods[i], closed) == default)
            {
                continue;
            }

            var next = NextOf(account, TariffOf(account, i), i + 1, closed);
            var reach = next is { } follower ? account.Periods[follower].StartDay : last;
            var settles = net.SettlesBetween(account.Periods[i].StartDay, reach) || (next is null && account.Status == AccountStatus.Closed);
            terms[i] = new(left[i], settles);
            if (next is { } index)
            {
                left[index] = Sum(left[index], ExportTerms.Carry(
                    net.Net(SumsOf(account.Periods[i], closed).ByRate, terms[i]).Left, TariffOf(account, i), TariffOf(account, index)));
            }
        }

        return terms;
    }

    /// <summary>Terms of all periods by closed days, as they are with other sums of one.</summary>
    internal static NetTerms[]? After(AccountState account, ChargePeriod period, in Sums closed)
    {
        var before = period.Closed;
        period.Closed = closed;
        var net = Of(account, closed: true);
        period.Closed = before;
        return net;
    }

    /// <summary>Whether the first period leaves something that no later one has taken and nothing settles yet.</summary>
    internal static bool IsHeldByFirst(AccountState account) =>
        NetOf(account, 0) is { } net && NextOf(account, TariffOf(account, 0), 1, closed: false) is null && LeftBy(account, net) is not null;

    /// <summary>Keeps what the first period leaves, which is about to be forgotten.</summary>
    internal static void KeepFirst(AccountState account)
    {
        if (NetOf(account, 0) is not { } net || account.Periods[0].Live == default)
        {
            return;
        }

        var left = LeftBy(account, net);
        account.Carried.RemoveAll(c => ExportTerms.Continues(account.TariffByNumber(c.Tariff), TariffOf(account, 0)));
        if (left is not null)
        {
            account.Carried.Add(new(account.Periods[0].Tariff, left));
        }
    }

    private static long[]? LeftBy(AccountState account, ExportTerms net) =>
        net.Net(account.Periods[0].Live.ByRate, Of(account, closed: false)?[0] ?? default).Left;

    /// <summary>Without a meter that measures export there is nothing to net, whatever tariffs the account is on.</summary>
    private static bool IsAny(AccountState account)
    {
        for (var i = 0; i < account.Periods.Count && account.Meters.Exists(m => m.Export is not null); i++)
        {
            if (NetOf(account, i) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first period from an index on with anything in it that goes on with what was left under a tariff.</summary>
    private static int? NextOf(AccountState account, Tariff tariff, int index, bool closed)
    {
        for (var i = index; i < account.Periods.Count; i++)
        {
            if (SumsOf(account.Periods[i], closed) != default && ExportTerms.Continues(tariff, TariffOf(account, i)))
            {
                return i;
            }
        }

        return null;
    }

    private static long[]? Sum(long[]? a, long[]? b) => a is null ? b : b is null ? a : [.. a.Zip(b, (x, y) => checked(x + y))];

    private static ExportTerms? NetOf(AccountState account, int index) => TariffOf(account, index).Export is { IsNet: true } net ? net : null;

    private static Tariff TariffOf(AccountState account, int index) => account.TariffByNumber(account.Periods[index].Tariff);

    private static Sums SumsOf(ChargePeriod period, bool closed) => closed ? period.Closed : period.Live;
}
