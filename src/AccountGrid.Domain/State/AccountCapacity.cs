using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>An account's contracted capacity: dated facts, of which the latest on or before a day holds for it.</summary>
public static class AccountCapacity
{
    extension(AccountState account)
    {
        /// <summary>Contracted capacity of a local day that a tariff's charge goes by, thousandths of its unit; 0 is none.</summary>
        public long ContractedOn(int day, Tariff tariff) =>
            account.ContractOn(day) is var contract && CapacityUnits.Fits(contract.Unit, tariff.TwoPart?.Unit ?? CapacityUnit.Any) ? contract.Milli : 0;

        /// <summary>What is contracted on a local day, in whatever unit; the default is nothing.</summary>
        public ContractedSpan ContractOn(int day)
        {
            var i = account.Contracted.Count - 1;
            while (i >= 0 && day < account.Contracted[i].FromDay)
            {
                i--;
            }

            return i < 0 ? default : account.Contracted[i];
        }

        /// <summary>Another capacity from a day on, up to the next day for which there is one.</summary>
        internal void Contract(int fromDay, long milli, CapacityUnit unit)
        {
            account.Contracted.RemoveAll(c => c.FromDay == fromDay);
            account.Contracted.Insert(account.Contracted.FindLastIndex(c => c.FromDay < fromDay) + 1, new ContractedSpan(fromDay, milli, unit));
        }

        /// <summary>What a period's days that are taken are charged for by the contracts of now.</summary>
        internal TwoPartSums? Recounted(ChargePeriod period)
        {
            var tariff = account.TariffByNumber(period.Tariff);
            var (sums, milliDays) = (period.Closed.TwoPart, 0L);
            var last = Math.Min(account.StandingThroughDay, tariff.PeriodEndOf(period.StartDay) - 1);
            for (var day = Math.Max(account.OpenedDay, period.StartDay); tariff.TwoPart is { CountsDays: true } && day <= last; day++)
            {
                milliDays += account.TariffOf(day) == tariff ? account.ContractedOn(day, tariff) : 0;
            }

            return tariff.TwoPart is { CountsDays: true } ? TwoPartSums.AddDays(sums, 0, milliDays - (sums?.UnitDays ?? 0)) : sums;
        }

        /// <summary>What periods would cost more with another capacity from a day on; they are not changed.</summary>
        /// <param name="untilDay">First day that would keep the capacity that it has.</param>
        internal WideMoney CostOfCapacity(int fromDay, long milli, CapacityUnit unit, int untilDay = int.MaxValue)
        {
            List<ContractedSpan> before = [.. account.Contracted];
            var kept = account.ContractOn(untilDay);
            account.Contract(fromDay, milli, unit);
            account.Contract(untilDay, kept.Milli, kept.Unit);
            var cost = WideMoney.Zero;
            foreach (var period in account.Periods.Where(p => account.TariffByNumber(p.Tariff).TwoPart is { CountsDays: true }))
            {
                var tariff = account.TariffByNumber(period.Tariff);
                cost += ChargePeriod.TotalOf(period.Live with { TwoPart = account.Recounted(period), ByRate = null }, tariff, account.TermsOf(period), default)
                    - ChargePeriod.TotalOf(period.Live with { ByRate = null }, tariff, account.TermsOf(period), default);
            }

            account.Contracted.Clear();
            account.Contracted.AddRange(before);
            return cost;
        }
    }
}
