using System.Globalization;
using System.Text.Json;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Figures;

/// <summary>
/// Figures from an account's ledger entries and events, in their order. A pure function of them, of the area that counted and of the days' ends: the same rows
/// give the same sums, in one go or in parts. Source of what is counted: SERVICE.md, formulas.
/// </summary>
public static class FigureFold
{
    /// <summary>A payment within this time after a notice is counted as its result, ms.</summary>
    public const long NoticeMs = Instants.MsPerDay;

    /// <summary>A payment within this time after a contact is counted as its result, ms.</summary>
    public const long ContactMs = 7 * Instants.MsPerDay;

    /// <summary>Longest times of a restore that are told apart, hours: the standards' 3, 12 and 24, and what lies between and beyond.</summary>
    private static readonly int[] RestoreHours = [1, 3, 4, 12, 24, 72];

    /// <summary>Hours within which standards want a supply restored.</summary>
    internal static IReadOnlyList<int> StandardHours { get; } = [3, 12, 24];

    /// <summary>Notices that ask for no money.</summary>
    private static readonly HashSet<NoticeKind> AskNothing = [NoticeKind.Survey, NoticeKind.SupplyCut, NoticeKind.SupplyRestored, NoticeKind.BalanceReminder];

    private static readonly HashSet<string> Met = ["reached", "delivered-in-hand", "signed-for"];

    /// <summary>Counts an entry.</summary>
    /// <param name="day">Day on which it counts, day number.</param>
    /// <param name="amountNano">Credit positive.</param>
    /// <param name="balanceNano">Balance after it.</param>
    public static void Enter(FigureAccount account, EntryKind kind, long amountNano, long balanceNano, int day, FigureSums sums)
    {
        account.BalanceNano = balanceNano;
        if (!account.IsCustomer)
        {
            return;
        }

        switch (kind)
        {
            case EntryKind.Charge or EntryKind.Correction or EntryKind.Standing:
                sums.Add(account, day, FigureNames.Charged, "", 0, -(decimal)amountNano);
                break;
            case EntryKind.LateFee or EntryKind.Waiver:
                sums.Add(account, day, FigureNames.LateFees, "", 0, -(decimal)amountNano);
                break;
            case EntryKind.Refund:
                sums.Add(account, day, FigureNames.Refunds, "", 1, -(decimal)amountNano);
                break;
            case EntryKind.Compensation:
                sums.Add(account, day, FigureNames.Compensation, "", 1, amountNano);
                Settle(account, amountNano);
                break;
            case EntryKind.WriteOff:
                sums.Add(account, day, FigureNames.WrittenOff, "", 1, amountNano);
                Settle(account, amountNano);
                break;
            case EntryKind.DebtMoved:
                account.DebtNano += amountNano;
                Settle(account, amountNano);
                break;
            case EntryKind.DebtRecovery:
                account.DebtNano += amountNano;
                break;
            case EntryKind.Adjustment when amountNano > 0:
                Settle(account, amountNano);
                break;
        }
    }

    /// <summary>Counts an event.</summary>
    /// <param name="position">Position of its record.</param>
    /// <param name="atMs">UTC ms.</param>
    /// <param name="day">Day on which it counts, day number.</param>
    /// <param name="channel">Channel of the payment that a reversal takes back; empty where it is none or is not known.</param>
    /// <param name="currencyOf">Currency of a tariff, by its number.</param>
    public static void Happen(
        FigureAccount account, AccountEvent happened, long position, long atMs, int day, string channel, Func<int, string> currencyOf, FigureSums sums)
    {
        if (happened is AccountOpened opened)
        {
            (account.IsOpen, account.Mode, account.IsCustomer) = (true, opened.Mode, opened.Kind == AccountKind.Customer);
            account.Currency = currencyOf(opened.Tariff);
        }

        if (!account.IsCustomer)
        {
            return;
        }

        switch (happened)
        {
            case AccountClosed:
                account.IsOpen = false;
                break;
            case CustomerSet e:
                account.Class = e.Class;
                break;
            case ModeSwitched e:
                Switch(account, e.To);
                break;
            case PaymentTaken e:
                Pay(account, e, position, atMs, day, sums);
                break;
            case PaymentReversed e:
                sums.Add(account, day, FigureNames.Reversals, channel, 1, e.Amount.Nano);
                TakeBack(account, e, day, sums);
                break;
            case BillClosed { DueDay: > 0 } e:
                sums.Add(account, day, FigureNames.Billed, "", 1, (decimal)e.Amount.Nano + e.Debits.Nano);
                Bill(account, e);
                break;
            case RelayChanged e:
                Turn(account, e, atMs, day, sums);
                break;
            default:
                Serve(account, happened, atMs, day, sums);
                break;
        }
    }

    /// <summary>Counts an event of notices, stages and people's work.</summary>
    private static void Serve(FigureAccount account, AccountEvent happened, long atMs, int day, FigureSums sums)
    {
        void Count(string name, string detail = "") => sums.Add(account, day, name, detail, 1, 0);
        switch (happened)
        {
            case StageEntered e:
                Count(FigureNames.Stages, Code(e.To));
                break;
            case NoticeGiven e when !AskNothing.Contains(e.Kind):
                Count(FigureNames.Notices, e.Kind.Code());
                account.Notices.RemoveAll(n => n.AtMs <= atMs - NoticeMs);
                account.Notices.Add(new(atMs, day, e.Kind, account.Area, account.Class));
                break;
            case CutDecided { Step: CutStep.Refused } e:
                Count(FigureNames.CutsRefused);
                foreach (var code in e.Interlock.Reasons.Select(r => r.Code.Text).Distinct())
                {
                    Count(FigureNames.CutsRefusedReasons, code);
                }

                break;
            case ComplaintFiled e:
                Count(FigureNames.Complaints, Code(e.Topic));
                break;
            case ComplaintResolved e:
                Count(FigureNames.ComplaintsResolved, Code(e.Outcome));
                break;
            case PlanAgreed:
                Count(FigureNames.PlansAgreed);
                break;
            case PlanFulfilled:
                Count(FigureNames.PlansKept);
                break;
            case PlanBroken:
                Count(FigureNames.PlansBroken);
                break;
            case ContactRecorded e:
                Count(FigureNames.Contacts, e.By);
                if (Met.Contains(e.Outcome))
                {
                    Count(FigureNames.ContactsReached, e.By);
                }

                (account.ContactMs, account.ContactBy) = (atMs, e.By);
                break;
            case CaseClosed e:
                Count(FigureNames.CasesClosed, e.By);
                break;
        }
    }

    /// <summary>How an account stands at a day's end. On December 31 its arrears become those of the year that begins.</summary>
    /// <returns>Whether the account was changed.</returns>
    public static bool Close(FigureAccount account, int day, FigureSums sums)
    {
        if (!account.IsCustomer)
        {
            return false;
        }

        if (account.IsOpen)
        {
            sums.Add(account, day, FigureNames.Accounts, Code(account.Mode), 1, account.BalanceNano);
            sums.Add(account, day, FigureNames.WithoutSupply, "", account.IsCut ? 1 : 0, 0);
        }

        if (account.BalanceNano > 0)
        {
            sums.Add(account, day, FigureNames.Credit, "", 1, account.BalanceNano);
        }

        if (account.Mode == PaymentMode.Prepaid)
        {
            sums.Add(account, day, FigureNames.PrepaidOwed, "", account.OwedNano == 0 ? 0 : 1, account.OwedNano);
        }

        sums.Add(account, day, FigureNames.Debt, "", account.DebtNano == 0 ? 0 : 1, account.DebtNano);
        var owed = account.Receivables(day).ToList();
        foreach (var row in owed.Count == 0 ? [] : Ageing.Of(owed, day))
        {
            sums.Add(account, day, FigureNames.Receivable, Code(row.Bucket), row.Amount == Money.Zero ? 0 : 1, row.Amount.Nano);
            sums.Add(account, day, FigureNames.ReceivableEarlier, Code(row.Bucket), 0, row.OfEarlierYears.Nano);
        }

        sums.Add(account, day, FigureNames.OldArrears, "", 0, account.OldNano);
        var isNegative = CountNegative(account, day);
        if (DateOnly.FromDayNumber(day) is not { Month: 12, Day: 31 })
        {
            return isNegative;
        }

        var overdue = owed.Where(r => r.DueDay <= day).Sum(r => r.Open.Nano);
        var isChanged = isNegative || (account.OldNano, account.OldOpenNano) != (overdue, overdue) || account.Payments.Count > 0;
        (account.OldNano, account.OldOpenNano) = (overdue, overdue);
        account.Payments.Clear();
        return isChanged;
    }

    /// <returns>Whether the day counts.</returns>
    private static bool CountNegative(FigureAccount account, int day)
    {
        if (account is not { Mode: PaymentMode.Prepaid, IsOpen: true, BalanceNano: < 0 })
        {
            return false;
        }

        var months = account.NegativeMonths;
        var first = day - DateOnly.FromDayNumber(day).Day + 1;
        if (months.Count > 0 && months[^1].FirstDay == first)
        {
            months[^1] = months[^1] with { Days = months[^1].Days + 1 };
        }
        else
        {
            months.Add(new(first, 1));
            months.RemoveRange(0, Math.Max(0, months.Count - FigureAccount.NegativeMonthsMax));
        }

        return true;
    }

    /// <summary>The longest time, in hours, of those that are told apart, that a restore stays within; "more" where it took longer.</summary>
    /// <param name="ms">How long it took, ms.</param>
    public static string RestoreBucket(long ms)
    {
        var i = Array.FindIndex(RestoreHours, h => ms <= h * Instants.MsPerHour);
        return i < 0 ? "more" : Text(RestoreHours[i]);
    }

    /// <summary>Whether a time that <see cref="RestoreBucket"/> names is within so many hours, one of those that are told apart.</summary>
    public static bool IsWithin(string bucket, int hours) => Array.Exists(RestoreHours, h => h <= hours && Text(h) == bucket);

    /// <summary>A value of a closed set as it is stored and shown, such as <c>days1To30</c>.</summary>
    public static string Code<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string Text(int hours) => hours.ToString(CultureInfo.InvariantCulture);

    private static void Pay(FigureAccount account, PaymentTaken e, long position, long atMs, int day, FigureSums sums)
    {
        sums.Add(account, day, FigureNames.Payments, e.Channel, 1, e.Amount.Nano);
        if (account.Mode != PaymentMode.Prepaid)
        {
            var (asked, old) = Settle(account, e.Amount.Nano);
            sums.Add(account, day, FigureNames.Collected, "", 0, e.Amount.Nano);
            sums.Add(account, day, FigureNames.CollectedOld, "", 0, old);
            if (asked > 0)
            {
                account.Payments.Add(new(position, asked, old));
                account.Payments.RemoveRange(0, Math.Max(0, account.Payments.Count - FigureAccount.PaymentsMax));
            }
        }

        foreach (var notice in account.Notices.Where(n => atMs - n.AtMs < NoticeMs))
        {
            sums.Add(new(notice.Day, notice.Area, notice.Class, account.Currency, FigureNames.NoticesPaid, notice.Kind.Code()), new(1, 0));
        }

        account.Notices.Clear();
        if (account.ContactMs != 0 && atMs - account.ContactMs <= ContactMs)
        {
            sums.Add(account, day, FigureNames.CollectedAfterContact, account.ContactBy, 1, e.Amount.Nano);
        }
    }

    /// <summary>A credit pays what bills have asked for, arrears of earlier years first.</summary>
    private static (long Asked, long Old) Settle(FigureAccount account, long nano)
    {
        var (asked, old) = (Math.Min(nano, account.AskedNano), Math.Min(nano, account.OldOpenNano));
        (account.AskedNano, account.OldOpenNano) = (account.AskedNano - asked, account.OldOpenNano - old);
        return (asked, old);
    }

    private static void TakeBack(FigureAccount account, PaymentReversed e, int day, FigureSums sums)
    {
        if (account.Mode == PaymentMode.Prepaid)
        {
            return;
        }

        var paid = account.Payments.Find(p => p.Position == e.PaymentPosition);
        account.Payments.Remove(paid);
        (account.AskedNano, account.OldOpenNano) = (account.AskedNano + paid.AskedNano, account.OldOpenNano + paid.OldNano);
        sums.Add(account, day, FigureNames.Collected, "", 0, -(decimal)e.Amount.Nano);
        sums.Add(account, day, FigureNames.CollectedOld, "", 0, -(decimal)paid.OldNano);
    }

    /// <summary>What bills had asked for is one amount with the rest of a prepaid balance: nothing of it is asked for any more.</summary>
    private static void Switch(FigureAccount account, PaymentMode mode)
    {
        account.Mode = mode;
        if (mode == PaymentMode.Prepaid)
        {
            (account.AskedNano, account.OldOpenNano) = (0, 0);
            account.Payments.Clear();
        }
    }

    private static void Bill(FigureAccount account, BillClosed e)
    {
        account.AskedNano = e.Unpaid.Nano;
        account.Bills.Add(new(e.DueDay, Math.Max(0, e.Amount.Nano + e.Debits.Nano)));
        account.Bills.RemoveRange(0, Math.Max(0, account.Bills.Count - FigureAccount.BillsMax));
    }

    private static void Turn(FigureAccount account, RelayChanged e, long atMs, int day, FigureSums sums)
    {
        if (e.To == Relay.Cut && e.From != Relay.Cut)
        {
            account.IsCut = true;
            sums.Add(account, day, FigureNames.Cuts, Code(e.Cause), 1, 0);
        }
        else if (e.To == Relay.Restoring && account.RestoringMs == 0)
        {
            account.RestoringMs = atMs;
        }
        else if (e.To == Relay.On)
        {
            if (account is { IsCut: true, RestoringMs: > 0 })
            {
                var took = atMs - account.RestoringMs;
                sums.Add(account, day, FigureNames.Restores, RestoreBucket(took), 1, took / 1_000);
            }

            (account.IsCut, account.RestoringMs) = (false, 0);
        }
    }
}
