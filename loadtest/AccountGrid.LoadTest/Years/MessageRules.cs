using AccountGrid.Domain;

namespace AccountGrid.LoadTest.Years;

/// <summary>Warnings at the levels of a balance, and what messages say when they are read.</summary>
internal sealed class MessageRules(YearVerdict verdict)
{
    /// <summary>One notice at each crossing of a level by amount, and none elsewhere.</summary>
    public void LowBalance(AccountRecord r, NaiveAccount facts)
    {
        var given = r.Notices.Where(n => n.Kind is "low-balance" or "balance-exhausted" or "credit-used").GroupBy(n => n.Position)
            .ToDictionary(g => g.Key, g => g.ToList());
        foreach (var (position, notices) in given)
        {
            if (notices.Count > 1)
            {
                verdict.Violate(r, $"{notices.Count} low-balance notices at position {position}");
            }
        }

        var crossings = facts.Crossings();
        verdict.Count("crossings", crossings.Count);
        foreach (var position in crossings.Where(p => !given.ContainsKey(p)))
        {
            verdict.Violate(r, $"a crossing at position {position} without a notice");
        }

        foreach (var notice in given.Values.SelectMany(n => n)
            .Where(n => !n.IsLate && n.Body.TryGetProperty("levelAmount", out _) && !crossings.Contains(n.Position)))
        {
            verdict.Violate(r, $"a notice {notice.Id} at position {notice.Position} without a crossing");
        }

        verdict.Count("low-balance notices", given.Count);
        verdict.Count("notices by days", given.Values.SelectMany(n => n).Count(n => n.Body.TryGetProperty("levelDays", out _)));
    }

    public void Messages(AccountRecord r)
    {
        var quiet = NaiveAccount.Minutes(r.Pack.QuietHours);
        verdict.Count("messages", r.Person.Messages.Count);
        foreach (var group in r.Person.Messages.GroupBy(m => m.Id).Where(g => g.Count(m => m.Kind != "stop-notice") > 1))
        {
            verdict.Violate(r, $"message {group.Key} came {group.Count()} times");
        }

        foreach (var message in r.Person.Messages.Where(m => m.Kind is not ("last-notice" or "supply-cut" or "supply-restored" or "stop-notice")))
        {
            if (NaiveAccount.Within(quiet, r.Person.Calendar.MinuteOf(message.AtMs)))
            {
                verdict.Violate(r, $"message {message.Id} at {Instants.ToText(message.AtMs)}, in quiet hours");
            }
        }

        foreach (var message in r.Notices.Where(n => n.State == "withdrawn" && r.Person.Messages.Exists(m => m.Id == n.Id)))
        {
            verdict.Violate(r, $"message {message.Id} came though it was withdrawn");
        }

        verdict.Count("messages withdrawn", r.Notices.Count(n => n.State == "withdrawn"));
        verdict.Count("messages worded anew", r.Notices.Count(n => n.IsLate && n.State != "withdrawn"));
        string[] letters = ["payment-reminder", "payment-due", "courtesy-reminder", "plan-offer", "demand", "stop-notice"];
        var came = r.Person.Messages.DistinctBy(m => m.Id).ToDictionary(m => m.Id, m => r.Person.Calendar.DayOf(m.AtMs));
        var days = r.Notices.Where(n => letters.Contains(n.Kind)).GroupBy(n => (r.Person.Calendar.DayOf(n.CreatedMs), Came: came.GetValueOrDefault(n.Id)));
        foreach (var day in days.Where(d => d.Count() > 1 && d.Key.Came != 0))
        {
            verdict.Violate(r, $"{day.Count()} letters of one day came on {Instants.DayToText(day.Key.Came)}");
        }

        var oldMs = verdict.EndMs - Instants.MsPerDay;
        foreach (var notice in r.Notices.Where(n => n.State is "parked" or "failed" || (n.State == "queued" && n.CreatedMs < oldMs)))
        {
            verdict.Violate(r, $"message {notice.Id} is {notice.State}");
        }
    }

    /// <summary>No message is false when it is read: the balance that it names is the account's at that hour. (DOMAIN, low balance.)</summary>
    public void Truth(AccountRecord r, NaiveAccount facts)
    {
        foreach (var message in r.Person.Messages.Where(m => m.BalanceNano is not null))
        {
            if (!facts.WasBalance(message.BalanceNano!.Value, message.AtMs - 60_000, message.AtMs))
            {
                var named = new Money(message.BalanceNano!.Value);
                verdict.Violate(r, $"message {message.Id} of {Instants.ToText(message.AtMs)} names {named}, which the balance is not");
            }

            if (message.AmountNano is { } asked && message.Kind is not ("low-balance" or "balance-exhausted" or "credit-used" or "supply-restored"))
            {
                verdict.Count("amounts asked for");
                if (!facts.WasAsked(message.Kind, asked, message.AtMs - 60_000, message.AtMs))
                {
                    verdict.Violate(r, $"message {message.Id} of {Instants.ToText(message.AtMs)} asks for {new Money(asked)}, which is not what is owed");
                }
            }
        }
    }
}
