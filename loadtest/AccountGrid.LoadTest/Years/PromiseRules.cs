using AccountGrid.Domain;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.State;

namespace AccountGrid.LoadTest.Years;

/// <summary>
/// What people are promised: who does what a notice says is left alone, who keeps a plan, a promise or a dispute is not pursued, and recovery makes no debt.
/// </summary>
internal sealed class PromiseRules(YearVerdict verdict)
{
    private static readonly string[] Demanding = ["payment-due", "courtesy-reminder", "plan-offer", "demand", "stop-notice", "last-notice", "supply-cut"];

    /// <summary>
    /// Whoever pays what a notice asks is restored at once, and not cut on the word of notices from before. (DOMAIN, low balance: what a notice asks for is
    /// enough for what it promises.) Not judged where more was charged or fell due in between.
    /// </summary>
    public void Obeyed(AccountRecord r, NaiveAccount facts)
    {
        foreach (var message in r.Person.Messages.Where(m => m.AmountNano is > 0 && Demanding.Contains(m.Kind)))
        {
            var after = r.Person.Happenings.SkipWhile(h => h.ArrivedMs <= message.AtMs).ToList();
            var payment = after.Find(h => h.Kind == HappeningKind.Payment);
            var (asked, paid) = (r.Person.Calendar.DayOf(message.AtMs), r.Person.Calendar.DayOf(payment.ArrivedMs));
            if (payment.Nano < message.AmountNano || r.Events.Exists(e => e.Event is BillClosed b && e.Position < payment.Position
                && (e.AtMs >= message.AtMs || (b.DueDay > asked && b.DueDay <= paid))))
            {
                continue;
            }

            var between = r.Person.Happenings.SkipWhile(h => h.ArrivedMs < message.AtMs).TakeWhile(h => h.Position < payment.Position)
                .Any(h => h.Nano < 0 && (h.Kind != HappeningKind.Reading || r.Person.ModeAt(payment.Position) == PaymentMode.Prepaid));
            between |= r.Person.ModeAtMs(message.AtMs) != r.Person.ModeAt(payment.Position) || (r.Person.ModeAt(payment.Position) == PaymentMode.Prepaid
                && r.Entries.Exists(e => e.Nano < 0 && NaiveAccount.IsBeside(e) && e.AtMs > message.AtMs && e.Position <= payment.Position));
            if (between)
            {
                continue;
            }

            verdict.Count("did as told");
            if (r.RelayAfter(payment.Position) is var relay and not (Relay.On or Relay.Restoring))
            {
                verdict.Violate(r, $"paid what {message.Id} asked for at {Instants.ToText(payment.ArrivedMs)}, and supply is {relay}");
            }

            var next = r.Person.Messages.Find(m => m.Kind == "last-notice" && m.AtMs > payment.ArrivedMs)?.AtMs ?? long.MaxValue;
            if (r.Events.Exists(e => e.Event is CutDecided { Step: CutStep.Released } && e.AtMs > payment.ArrivedMs && e.AtMs < next))
            {
                verdict.Violate(r, $"paid what {message.Id} asked for at {Instants.ToText(payment.ArrivedMs)}, and was cut");
            }
        }
    }

    /// <summary>While a plan is kept, a promise is open or a dispute is undecided, nobody is written to about arrears. (DOMAIN, overdue.)</summary>
    public void Spared(AccountRecord r, NaiveAccount facts)
    {
        foreach (var message in r.Person.Messages.Where(m => m.AmountNano is not null && Demanding.Contains(m.Kind) && m.Kind != "supply-cut")
            .Where(m => facts.IsSparedAt(m.AtMs)))
        {
            verdict.Violate(r, $"message {message.Id} of {Instants.ToText(message.AtMs)} came while a plan was kept, a promise open or a dispute undecided");
        }
    }

    /// <summary>
    /// What a debt agreement takes of a payment is its share, at most what is left of the debt and what the payment leaves above zero; a bounce gives back what
    /// its payment had recovered. No recovery makes a debt. (DOMAIN: the amount that a notice asks for is enough, whatever is deducted; a bounce takes back
    /// exactly.)
    /// </summary>
    public void Debt(AccountRecord r, NaiveAccount facts)
    {
        var (left, share, balance) = (0L, 0, 0L);
        var shares = new Dictionary<long, long>();
        foreach (var change in facts.Changes())
        {
            balance += change.Nano;
            var moved = r.Events.Where(e => e.Position == change.Position).Select(e => e.Event switch
            {
                DebtMoved m => (m.Amount.Nano, m.ShareBasisPoints),
                ModeSwitched { Moved.Nano: > 0 } m => (m.Moved.Nano, m.ShareBasisPoints),
                _ => default,
            }).Where(m => m.Nano != 0).ToList();
            var recovered = r.Events.Where(e => e.Position == change.Position).Select(e => e.Event).OfType<DebtRecovered>().Sum(e => e.Amount.Nano);

            // What falls due by the day can come in the record of a payment or a bounce.
            var byPayment = -r.Entries.Where(e => e.Position == change.Position && e is { Kind: "debt-recovery", HasDay: false }).Sum(e => e.Nano);
            verdict.Count("debts agreed", moved.Count);
            var happening = r.Person.Happenings.Find(h => h.Position == change.Position && h.Kind is HappeningKind.Payment or HappeningKind.Bounce);
            var isPrepaid = r.Person.ModeAt(change.Position) == PaymentMode.Prepaid;
            if (happening.Kind == HappeningKind.Bounce && isPrepaid && r.Person.ModeAt(happening.Of) != PaymentMode.Prepaid)
            {
                var (toDebt, paid) = (moved.Sum(m => m.Nano), facts.PaidAtSwitch(happening.Of));
                if (toDebt != paid)
                {
                    verdict.Violate(r,
                        $"the bounce at position {change.Position} moved {new Money(toDebt)} to the debt; its payment had paid bills of {new Money(paid)}");
                }
            }

            if (isPrepaid && happening.Kind == HappeningKind.Payment && share > 0)
            {
                var most = Math.Max(0, Math.Min(left, balance + recovered));
                var expected = Math.Min((long)decimal.Round(happening.Nano * (decimal)share / 10_000, 0, MidpointRounding.ToEven), most);
                shares[change.Position] = byPayment;
                verdict.Count("shares recovered", byPayment > 0 ? 1 : 0);
                if (byPayment != expected)
                {
                    verdict.Violate(r,
                        $"of the payment at position {change.Position} {new Money(byPayment)} went to the debt; it should be {new Money(expected)}");
                }
            }
            else if (happening.Kind == HappeningKind.Bounce && byPayment != -shares.GetValueOrDefault(happening.Of))
            {
                var expected = new Money(-shares.GetValueOrDefault(happening.Of));
                verdict.Violate(r, $"the bounce at position {change.Position} moved {new Money(byPayment)} of the debt; it should be {expected}");
            }
            else if (isPrepaid && recovered > 0 && balance < 0)
            {
                verdict.Violate(r, $"recovery at position {change.Position} made a debt of {new Money(-balance)}");
            }

            left += moved.Sum(m => m.Nano) - recovered;
            share = moved.Count > 0 ? moved[^1].ShareBasisPoints : share;
            if (left < 0)
            {
                verdict.Violate(r, $"more was recovered than was in the debt, at position {change.Position}");
            }
        }
    }

    /// <summary>
    /// Nobody is dark who has paid: a payment that ends the cause restores in the same moment. (DOMAIN, low balance: on payment, restore at once.)
    /// </summary>
    public void Lit(AccountRecord r, NaiveAccount facts)
    {
        foreach (var payment in r.Person.Happenings.Where(h => h.Kind is HappeningKind.Payment or HappeningKind.Adjustment && h.Nano > 0))
        {
            var before = r.Events.FindLast(e => e.Event is RelayChanged && e.Position < payment.Position)?.Event as RelayChanged;
            if (before?.To is not (Relay.Cut or Relay.CutReleased))
            {
                continue;
            }

            var isPaid = r.Person.ModeAt(payment.Position) == PaymentMode.Prepaid
                ? facts.BalanceBefore(payment.Position + 1).Nano >= 0
                : facts.OverdueDays(payment.Position + 1, r.Person.Calendar.DayOf(payment.ArrivedMs)) is null or <= 0;
            verdict.Count("paid in the dark", isPaid ? 1 : 0);
            if (isPaid && r.RelayAfter(payment.Position) is not (Relay.On or Relay.Restoring))
            {
                verdict.Violate(r, $"dark although paid at {Instants.ToText(payment.ArrivedMs)}");
            }
        }
    }
}
