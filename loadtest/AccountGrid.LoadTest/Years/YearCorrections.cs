using AccountGrid.Domain;
using AccountGrid.Domain.Commands;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// What befalls a balance beside use and payments: adjustments in both directions and taken back, payments that bounce, debt agreements, fees that are waived.
/// </summary>
internal sealed class YearCorrections(YearWorld world, YearChannels channels)
{
    /// <summary>Of one account in a year, each.</summary>
    private const double TimesAYear = 4;

    public async Task CorrectAsync(long at)
    {
        foreach (var person in world.People)
        {
            if (person.Random.NextDouble() >= 6 * TimesAYear * YearRun.StepMs / (365.0 * Instants.MsPerDay))
            {
                continue;
            }

            await (person.Random.Next(6) switch
            {
                0 => AdjustAsync(person, at, 1),
                1 => AdjustAsync(person, at, -1),
                2 => TakeBackAsync(person, at),
                3 => BounceAsync(person, at),
                4 => AgreeOnDebtAsync(person),
                _ => ChangeMindAsync(person),
            });
        }
    }

    private async Task AdjustAsync(YearPerson person, long at, int sign)
    {
        var nano = sign * person.Market.Amount(0.01 + (person.Random.NextDouble() * 40)).Nano;
        if (nano != 0)
        {
            await HappenAsync(person, at, new AdjustBalance(person.Number, new(nano), "by staff", "collector", "manager"), HappeningKind.Adjustment, nano, 0);
        }
    }

    /// <summary>The whole of an adjustment, or half of what of it still counts.</summary>
    private async Task TakeBackAsync(YearPerson person, long at)
    {
        var all = person.Happenings.Where(h => h.Kind == HappeningKind.Adjustment).ToList();
        var open = all.Where(h => h.Of == 0).Select(h => (h.Position, Left: h.Nano + all.Where(c => c.Of == h.Position).Sum(c => c.Nano)))
            .Where(h => h.Left != 0).ToList();
        if (open.Count == 0)
        {
            return;
        }

        var (position, left) = open[person.Random.Next(open.Count)];
        var nano = person.Random.Next(2) == 0 ? -left : -(left / 2 / person.UnitNano * person.UnitNano);
        if (nano != 0)
        {
            await HappenAsync(person, at, new AdjustBalance(person.Number, new(nano), "taken back", "collector", "manager", position), HappeningKind.Adjustment,
                nano, position);
        }
    }

    /// <summary>One of the last three payments bounces.</summary>
    private async Task BounceAsync(YearPerson person, long at)
    {
        var bounced = person.Happenings.Where(h => h.Kind == HappeningKind.Bounce).Select(h => h.Of).ToHashSet();
        var last = person.Happenings.Where(h => h.Kind == HappeningKind.Payment).TakeLast(3).Where(h => !bounced.Contains(h.Position)).ToList();
        if (last.Count > 0)
        {
            var payment = last[person.Random.Next(last.Count)];
            await HappenAsync(person, at, new ReversePayment(person.Number, payment.Position, "bounced"), HappeningKind.Bounce, -payment.Nano,
                payment.Position);
            channels.Reversed(person, payment.Position);
        }
    }

    /// <summary>Half of what is owed goes into a debt agreement, with a share of payments, an amount per day, or both.</summary>
    private async Task AgreeOnDebtAsync(YearPerson person)
    {
        var owed = -world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Balance.Nano;
        var part = owed / 2 / person.UnitNano * person.UnitNano;
        if (part > 0)
        {
            var p = world.Grid.Policies.All.First(p => p.Definition.Id == person.Pack).Definition.Prepaid;
            var kind = person.Random.Next(3);
            var (share, perDay) = (kind == 1 ? 0 : p.DebtShareBasisPoints, kind == 0 ? 0 : NaiveAccount.Nano(p.DebtPerDay));
            await world.Grid.Log.AppendAsync(world.Append(person, new MoveToDebt(person.Number, new(part), share, new(perDay), "agreed")));
        }
    }

    /// <summary>A plan is cancelled, or fees are waived, where there are any.</summary>
    private async Task ChangeMindAsync(YearPerson person)
    {
        var overdue = world.Grid.StateOf(person.Partition).PeekAccount(person.Number)!.Customer!.Overdue;
        if (overdue.Plan.Count > 0)
        {
            await world.Grid.Log.AppendAsync(world.Append(person, new CancelPlan(person.Number, "collector", "asked for")));
        }
        else if (overdue.Fees > Money.Zero)
        {
            await world.Grid.Log.AppendAsync(world.Append(person, new WaiveFees(person.Number, overdue.Fees, "goodwill", "collector", "manager")));
        }
    }

    private async Task HappenAsync(YearPerson person, long at, AccountCommand command, HappeningKind kind, long nano, long of)
    {
        var result = await world.Grid.Log.AppendAsync(world.Append(person, command));
        person.Happenings.Add(new Happening(result.FirstPosition, at, kind, nano, at, of));
    }
}
