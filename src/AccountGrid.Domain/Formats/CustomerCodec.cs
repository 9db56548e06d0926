using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Formats;

/// <summary>Stored form of what the workflows know of an account, its levels included: a part of an account and of the rest of a row.</summary>
internal static class CustomerCodec
{
    /// <summary>Beside the count of a period's named amounts: it has a capacity or demand charge, or one by power factor.</summary>
    private const ulong HasTwoPart = 1UL << 32;

    public static void Write(StateWriter w, AccountState account)
    {
        var c = account.Customer!;
        w.Unsigned((ulong)account.Levels.Levels.Count);
        foreach (var level in account.Levels.Levels)
        {
            w.Unsigned((ulong)level.Kind);
            Signed(w, level.Value, level.Fire.Nano, level.Rearm.Nano);
        }

        w.Unsigned(account.Levels.Fired);
        w.Signed(account.Levels.Episode);
        Signed(w, c.PolicyFamily, (long)c.Class, (long)c.Traits, c.BalanceShownMs, c.NegativeSinceMs, c.CreditUsedMs, c.HasOwnLevels ? 1 : 0, c.DueMs,
            c.RemindedMs, c.WaitFromMs);
        var use = c.Use.ToStored();
        w.Unsigned((ulong)use.Length);
        if (use.Length > 0)
        {
            w.Signed(c.Use.LastDay);
            Signed(w, use);
        }

        w.Unsigned((ulong)c.Holds.Count);
        c.Holds.ForEach(h => Signed(w, (long)h.Kind, h.UntilMs));
        w.Unsigned((ulong)c.PendingPayments.Count);
        foreach (var pending in c.PendingPayments)
        {
            w.Bytes(System.Text.Encoding.UTF8.GetBytes(pending.Reference));
            Signed(w, pending.UntilMs, pending.IsDebit ? 1 : 0);
        }

        w.Unsigned((ulong)c.AnnouncedDebits.Count);
        foreach (var debit in c.AnnouncedDebits)
        {
            w.Bytes(System.Text.Encoding.UTF8.GetBytes(debit.Item));
            Signed(w, debit.DueDay, debit.Amount.Nano, debit.Day);
            w.Bytes(System.Text.Encoding.UTF8.GetBytes(debit.NoticeId));
        }

        w.Unsigned((ulong)c.Cases.Count);
        foreach (var of in c.Cases)
        {
            w.Bytes(System.Text.Encoding.UTF8.GetBytes(of.Kind.Code()));
            w.Signed(of.Number);
            w.Bytes(System.Text.Encoding.UTF8.GetBytes(of.NoticeId ?? ""));
        }

        Signed(w, c.Debt.Left.Nano, c.Debt.ShareBasisPoints, c.Debt.PerDay.Nano, c.Debt.ThroughDay);
        Write(w, c.Overdue);
        Write(w, c.Supply);
    }

    public static void Read(ref StateReader r, AccountState account)
    {
        var levels = new Level[r.Unsigned()];
        for (var i = 0; i < levels.Length; i++)
        {
            levels[i] = new Level((LevelKind)r.Unsigned(), r.Signed(), new Money(r.Signed()), new Money(r.Signed()));
        }

        account.Levels = LevelState.Restore(levels, (byte)r.Unsigned(), r.Int());
        var c = new Customer
        {
            PolicyFamily = r.Int(),
            Class = (CustomerClass)r.Int(),
            Traits = (CustomerTraits)r.Int(),
            BalanceShownMs = r.Signed(),
            NegativeSinceMs = r.Signed(),
            CreditUsedMs = r.Signed(),
            HasOwnLevels = r.Int() == 1,
            DueMs = r.Signed(),
            RemindedMs = r.Signed(),
            WaitFromMs = r.Signed(),
            Use = ReadUse(ref r),
        };
        for (var n = r.Unsigned(); n > 0; n--)
        {
            c.Holds.Add(new Hold((HoldKind)r.Int(), r.Signed()));
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            c.PendingPayments.Add(new PendingPayment(System.Text.Encoding.UTF8.GetString(r.Bytes()), r.Signed(), r.Int() == 1));
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            c.AnnouncedDebits.Add(new AnnouncedDebit(
                System.Text.Encoding.UTF8.GetString(r.Bytes()), r.Int(), new Money(r.Signed()), r.Int(), System.Text.Encoding.UTF8.GetString(r.Bytes())));
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            c.Cases.Add(new WorkCase(CaseKinds.Find(System.Text.Encoding.UTF8.GetString(r.Bytes())), r.Int(), Text(ref r)));
        }

        c.Debt = new Debt(new Money(r.Signed()), r.Int(), new Money(r.Signed()), r.Int());
        Read(ref r, c.Overdue);
        Read(ref r, c.Supply);
        account.Customer = c;
    }

    private static UseHistory ReadUse(ref StateReader r)
    {
        var wh = new long[r.Unsigned()];
        var lastDay = wh.Length > 0 ? r.Int() : 0;
        for (var i = 0; i < wh.Length; i++)
        {
            wh[i] = r.Signed();
        }

        return UseHistory.Restore(lastDay, wh);
    }

    private static void Write(StateWriter w, OverdueState o)
    {
        Signed(w, (long)o.Stage, o.StageDay, o.Episode, o.BilledThroughDay, o.BillCount, o.Carried.Nano, o.Credited.Nano, o.FeeThroughDay);
        w.Wide(o.PlanPaid);
        w.Signed(o.PlanPosition);
        Signed(w, o.PromiseDay, o.DemandDay, o.StopNoticeDeliveredMs, o.LastNoticeDeliveredMs, o.ContactAttempts, o.ProofDueDay, o.LetterNumber,
            o.BillNoticeNumber);
        Signed(w, (o.AuthorityInformed ? 1 : 0) | (o.AskedByHand ? 2 : 0) | (o.WelfareVisited ? 4 : 0) | (o.IsFinalBilled ? 8 : 0));
        w.Bytes(System.Text.Encoding.UTF8.GetBytes(o.StopNoticeId ?? ""));
        w.Bytes(System.Text.Encoding.UTF8.GetBytes(o.LastNoticeId ?? ""));
        w.Unsigned((ulong)o.Cycles.Count);
        o.Cycles.ForEach(c => Signed(w, c.FromDay, c.Day, c.Months, c.Family));
        w.Signed(o.PayOut.Nano);
        w.Unsigned((ulong)o.Unbilled.Count);
        foreach (var m in o.Unbilled)
        {
            Signed(w, m.StartDay, m.EnergyWh);
            w.Wide(m.Parts.Energy);
            w.Wide(m.Parts.Tiers);
            w.Wide(m.Parts.Standing);
            w.Wide(m.Parts.Tax);
            w.Wide(m.Parts.Levies);
            w.Unsigned(((ulong)(m.Parts.Named?.Items.Count ?? 0) << 1) | (m.Parts.Export == WideMoney.Zero ? 0u : 1u)
                | (IsTwoPart(m.Parts) ? HasTwoPart : 0));
            foreach (var named in m.Parts.Named?.Items ?? [])
            {
                w.Unsigned((ulong)named.Kind);
                w.Bytes(System.Text.Encoding.UTF8.GetBytes(named.Name));
                w.Wide(named.Amount);
            }

            if (m.Parts.Export != WideMoney.Zero)
            {
                w.Wide(m.Parts.Export);
            }

            if (IsTwoPart(m.Parts))
            {
                w.Wide(m.Parts.Capacity);
                w.Wide(m.Parts.PowerFactor);
            }

            w.Wide(m.Corrections);
        }

        Write(w, o.Book);
        w.Unsigned((ulong)o.Plan.Count);
        o.Plan.ForEach(i => Signed(w, i.Day, i.Amount.Nano));
    }

    private static void Read(ref StateReader r, OverdueState o)
    {
        (o.Stage, o.StageDay, o.Episode, o.BilledThroughDay, o.BillCount) = ((Stage)r.Int(), r.Int(), r.Int(), r.Int(), r.Int());
        (o.Carried, o.Credited, o.FeeThroughDay) = (new(r.Signed()), new(r.Signed()), r.Int());
        o.PlanPaid = r.Wide();
        o.PlanPosition = r.Signed();
        (o.PromiseDay, o.DemandDay, o.StopNoticeDeliveredMs) = (r.Int(), r.Int(), r.Signed());
        (o.LastNoticeDeliveredMs, o.ContactAttempts, o.ProofDueDay, o.LetterNumber, o.BillNoticeNumber) = (r.Signed(), r.Int(), r.Int(), r.Int(), r.Int());
        var flags = r.Int();
        (o.AuthorityInformed, o.AskedByHand, o.WelfareVisited, o.IsFinalBilled) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0);
        o.StopNoticeId = Text(ref r);
        o.LastNoticeId = Text(ref r);
        for (var n = r.Unsigned(); n > 0; n--)
        {
            o.Cycles.Add(new BillingCycle(r.Int(), r.Int(), r.Int(), r.Int()));
        }

        o.PayOut = new(r.Signed());
        for (var n = r.Unsigned(); n > 0; n--)
        {
            o.Unbilled.Add(new MonthSum(r.Int(), r.Signed(), PartsOf(ref r), r.Wide()));
        }

        Read(ref r, o.Book);
        for (var n = r.Unsigned(); n > 0; n--)
        {
            o.Plan.Add(new Instalment(r.Int(), new Money(r.Signed())));
        }
    }

    private static bool IsTwoPart(in ChargeParts parts) => parts.Capacity != WideMoney.Zero || parts.PowerFactor != WideMoney.Zero;

    private static ChargeParts PartsOf(ref StateReader r)
    {
        var parts = new ChargeParts(r.Wide(), r.Wide(), r.Wide(), r.Wide(), r.Wide());
        var what = r.Unsigned();
        parts = parts with { Named = Named(ref r, (int)((what & ~HasTwoPart) >> 1)) };
        parts = (what & 1) == 0 ? parts : parts with { Export = r.Wide() };
        return (what & HasTwoPart) == 0 ? parts : parts with { Capacity = r.Wide(), PowerFactor = r.Wide() };
    }

    private static NamedAmounts? Named(ref StateReader r, int count)
    {
        var named = new NamedAmount[count];
        for (var i = 0; i < named.Length; i++)
        {
            named[i] = new NamedAmount((AmountKind)r.Unsigned(), System.Text.Encoding.UTF8.GetString(r.Bytes()), r.Wide());
        }

        return named.Length == 0 ? null : new NamedAmounts(named);
    }

    private static void Write(StateWriter w, ItemBook book)
    {
        Signed(w, book.Advance.Nano, book.LastNumber);
        w.Unsigned((ulong)book.Items.Count);
        book.Items.ForEach(
            i => Signed(w, i.Number, (long)i.Kind, i.Position, i.Amount.Nano, i.Open.Nano, i.DueDay, i.FeeAccrued.Nano, i.FeeBooked.Nano, i.Reference));
        w.Unsigned((ulong)book.Credits.Count);
        foreach (var credit in book.Credits)
        {
            Signed(w, credit.Position, credit.Day, credit.Left.Nano, credit.Debt.Nano);
            w.Unsigned((ulong)credit.Parts.Count);
            credit.Parts.ForEach(p => Signed(w, p.Item, p.Amount.Nano));
        }
    }

    private static void Read(ref StateReader r, ItemBook book)
    {
        (book.Advance, book.LastNumber) = (new(r.Signed()), r.Int());
        for (var n = r.Unsigned(); n > 0; n--)
        {
            book.Items.Add(new OpenItem(
                r.Int(), (ItemKind)r.Int(), r.Signed(), new(r.Signed()), new(r.Signed()), r.Int(), new(r.Signed()), new(r.Signed()), r.Int()));
        }

        for (var n = r.Unsigned(); n > 0; n--)
        {
            var credit = new ItemCredit(r.Signed(), r.Int()) { Left = new(r.Signed()), Debt = new(r.Signed()) };
            for (var parts = r.Unsigned(); parts > 0; parts--)
            {
                credit.Parts.Add(new ItemPart(r.Int(), new(r.Signed())));
            }

            book.Credits.Add(credit);
        }
    }

    private static void Write(StateWriter w, SupplyState s)
    {
        Signed(w, (long)s.Relay, (long)s.Cause, s.Sequence, s.SinceMs, s.ExpiresMs, s.RestoreSinceMs,
            (s.Compensated ? 1 : 0) | (s.TamperSeen ? 2 : 0) | (s.AskedToRestore ? 4 : 0) | (s.AskedAuthority ? 8 : 0), s.NoticeNumber);
        w.Unsigned((ulong)s.Waiting.Count);
        s.Waiting.ForEach(m => w.Signed(m));
    }

    private static void Read(ref StateReader r, SupplyState s)
    {
        (s.Relay, s.Cause, s.Sequence, s.SinceMs, s.ExpiresMs, s.RestoreSinceMs) =
            ((Relay)r.Int(), (CutCause)r.Int(), r.Int(), r.Signed(), r.Signed(), r.Signed());
        var flags = r.Int();
        (s.Compensated, s.TamperSeen, s.AskedToRestore, s.AskedAuthority) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (flags & 8) != 0);
        s.NoticeNumber = r.Int();
        for (var n = r.Unsigned(); n > 0; n--)
        {
            s.Waiting.Add(r.Int());
        }
    }

    private static string? Text(ref StateReader r) => System.Text.Encoding.UTF8.GetString(r.Bytes()) is { Length: > 0 } text ? text : null;

    private static void Signed(StateWriter w, params ReadOnlySpan<long> values)
    {
        foreach (var value in values)
        {
            w.Signed(value);
        }
    }
}
