using AccountGrid.Domain.Policies;

namespace AccountGrid.Domain.Overdue;

/// <summary>
/// Late fee of bills, by the day: what is unpaid of a bill after its due day bears the pack's share, another where it was carried over a year's
/// end; at least the minimum per bill that is late at all; never on fees. (Supply and use of electricity rules of 1996: 1, 2 and 3 in 1000, minimum 1 yuan.)
/// </summary>
public static class LateFee
{
    /// <summary>Hundredths of a percent for a local day of a bill: carried over a year's end where its due day lies in an earlier year.</summary>
    public static int BasisPoints(Policy policy, int dueDay, int day) =>
        DateOnly.FromDayNumber(dueDay).Year < DateOnly.FromDayNumber(day).Year ? policy.Definition.LateFee.CarriedPerDayBasisPoints : policy.Definition.LateFee.PerDayBasisPoints;

    /// <summary>Counts one day on all bills and returns what is to be booked for it. The due day itself bears none.</summary>
    public static Money Take(OverdueState state, long creditNano, Policy policy, int day)
    {
        var booked = Money.Zero;
        for (var i = 0; i < state.Bills.Count; i++)
        {
            var bill = state.Bills[i];
            var unpaid = state.UnpaidOf(bill, creditNano);
            if (day <= bill.DueDay || unpaid == 0)
            {
                continue;
            }

            var basisPoints = BasisPoints(policy, bill.DueDay, day);
            if (basisPoints == 0)
            {
                continue;
            }

            var days = checked(bill.FeeDays + new Money(unpaid).Percentage(basisPoints).Nano);
            var total = Math.Max(days, policy.LateFeeMinimum.Nano);
            booked += new Money(Math.Max(0, total - bill.FeeBooked));
            state.Bills[i] = bill with { FeeDays = days, FeeBooked = Math.Max(total, bill.FeeBooked) };
        }

        state.FeesNano = checked(state.FeesNano + booked.Nano);
        return booked;
    }
}
