using AccountGrid.Domain.Commands;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>Accounts that are billed on another day than the month's last, or by several months; and whether their bills keep to it.</summary>
internal static class YearCycles
{
    /// <summary>Billing day and months of an account; null is by calendar months.</summary>
    public static (int Day, int Months)? Of(int account) => account % 7 == 3 ? ((account / 7 * 11 % 31) + 1, (account / 7 % 3) + 1) : null;

    /// <summary>Puts an account under a pack, with its cycle.</summary>
    public static IEnumerable<GridCommand> Commands(int account, int family, string pack, CustomerTraits traits)
    {
        yield return new SetCustomer(
            account, family, pack == "cn-business" ? CustomerClass.Business : CustomerClass.Residential, traits, $"form {account}");
        if (Of(account) is { } cycle)
        {
            yield return new SetBillingCycle(account, cycle.Day, cycle.Months);
        }
    }

    /// <summary>
    /// No bill begins before the one before ended, and each ends on the account's billing day; only the month of the move-in is a calendar month.
    /// </summary>
    public static async Task<IReadOnlyList<string>> CheckAsync(YearGrid grid, IEnumerable<YearPerson> people)
    {
        var days = new Dictionary<int, List<(DateOnly From, DateOnly To)>>();
        await using (var command = grid.Database.CreateCommand("select account, from_day, to_day from bill order by account, to_day"))
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                (days.TryGetValue(reader.GetInt32(0), out var list) ? list : days[reader.GetInt32(0)] = [])
                    .Add((reader.GetFieldValue<DateOnly>(1), reader.GetFieldValue<DateOnly>(2)));
            }
        }

        var wrong = days.Keys.Any(n => Of(n) is not null) ? new List<string>() : ["bills: no account is billed by a cycle of its own"];
        foreach (var person in people)
        {
            var (bills, cycle) = (days.GetValueOrDefault(person.Number) ?? [], Of(person.Number) ?? (31, 1));
            var first = bills.Count > 0 ? bills[0].From : default;
            for (var i = 0; i < bills.Count; i++)
            {
                var (from, to) = bills[i];
                var isMoveIn = from.Year == first.Year && from.Month == first.Month && IsOn(to, 31);
                if ((i > 0 && from <= bills[i - 1].To) || to.DayNumber - from.DayNumber > 31 * cycle.Months || !(isMoveIn || IsOn(to, cycle.Day)))
                {
                    wrong.Add($"bills: account {person.Number} is billed on day {cycle.Day} of {cycle.Months} months, and one is for {from:yyyy-MM-dd} to "
                        + $"{to:yyyy-MM-dd}");
                }
            }
        }

        return wrong;
    }

    private static bool IsOn(DateOnly day, int number) => day.Day == Math.Min(number, DateTime.DaysInMonth(day.Year, day.Month));
}
