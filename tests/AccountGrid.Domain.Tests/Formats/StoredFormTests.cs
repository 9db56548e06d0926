using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Events;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Partitions;
using AccountGrid.Domain.Policies;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.Readings;
using AccountGrid.Domain.State;
using AccountGrid.Domain.Tests.Simulation;

namespace AccountGrid.Domain.Tests.Formats;

/// <summary>
/// What lies in databases: every stored form against a golden file, and read back. A change of form shows here.
/// </summary>
public sealed class StoredFormTests
{
    private const int NumbersOfARow = 27;

    private static readonly string Golden = Path.Combine(AppContext.BaseDirectory, "Golden", "stored.txt");

    [Fact]
    public void Stored_forms_are_those_that_were_agreed()
    {
        var now = string.Join('\n', Lines()) + "\n";
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, "stored.txt"), now);
        }

        Assert.Equal(File.ReadAllText(Golden), now);
    }

    [Fact]
    public void Stored_commands_and_states_are_read_back_as_they_were()
    {
        foreach (var line in File.ReadAllLines(Golden))
        {
            var (kind, content) = (line[..line.IndexOf(' ')], line[(line.IndexOf(' ') + 1)..]);
            switch (kind)
            {
                case "command":
                    Assert.Equal(content, Encoding.UTF8.GetString(GridCommand.FromBytes(Encoding.UTF8.GetBytes(content)).ToBytes()));
                    break;
                case "event":
                    Assert.Equal(content,
                        JsonSerializer.Serialize(JsonSerializer.Deserialize(content, AccountEventJson.Event)!,
                            AccountEventJson.Event));
                    break;
                case "readings":
                    var reader = new LogRecords.Reader(Convert.FromHexString(content));
                    Assert.True(reader.Next());
                    Assert.Equal(Readings()[0], reader.Reading);
                    break;
                case "account":
                    var grid = Grid();
                    Assert.Equal(content, Convert.ToHexString(StateCodec.Encode(StateCodec.DecodeAccount(Convert.FromHexString(content), grid.Tariff))));
                    break;
                case "page":
                    var pages = PageGrid();
                    Assert.Equal(
                        pages[0].State.AccountNumbers.Select(n => Convert.ToHexString(StateCodec.Encode(pages.Account(n)))),
                        PartitionState.Unpack(Convert.FromHexString(content), pages.Tariff).Select(a => Convert.ToHexString(StateCodec.Encode(a))));
                    break;
                default:
                    Assert.Fail($"Unknown kind {kind}.");
                    break;
            }
        }
    }

    /// <summary>A build that meets what a later one has stored must not fold on what it cannot read.</summary>
    [Fact]
    public void A_page_with_a_state_of_an_unknown_form_or_version_is_refused_when_it_is_loaded()
    {
        var page = Assert.Single(PageGrid()[0].State.TakeDirtyPages()).States;
        var (at, forms) = (0, new List<string>());
        for (var account = 0; account < 6; account++)
        {
            var length = (int)VarInt.Read(page, ref at);
            var form = StoredFormat.All.Single(f => f.Is(page.AsSpan(at)));
            forms.Add(form.Name);
            Assert.Contains("the first byte is 99", Refusal(page, at, 99), StringComparison.Ordinal);
            Assert.Contains($"'{form.Name}': version {form.Version + 1} was found; this build reads version 1.", Refusal(page, at, form.Header + 1),
                StringComparison.Ordinal);
            if (form == StoredFormat.AccountRow)
            {
                var behind = at + 1;
                for (var number = 0; number < NumbersOfARow; number++)
                {
                    VarInt.Read(page, ref behind);
                }

                var inner = StoredFormat.All.Single(f => f.Is(page.AsSpan(behind)));
                forms.Add(inner.Name);
                Assert.Contains($"'{inner.Name}': version {inner.Version + 1} was found; this build reads version 1.", Refusal(page, behind, inner.Header + 1),
                    StringComparison.Ordinal);
            }

            at += length;
        }

        Assert.Equal(page.Length, at);
        Assert.Equal(["account", "account row", "rest of an account row"], forms.Distinct().Order(StringComparer.Ordinal));

        static string Refusal(byte[] page, int at, int value)
        {
            var unknown = page.ToArray();
            unknown[at] = (byte)value;
            return Assert.ThrowsAny<FormatException>(() => new PartitionState(0, PageGrid().Tariff).Load(0, unknown)).Message;
        }
    }

    [Fact]
    public void An_append_and_a_loose_meter_of_an_unknown_version_are_refused_by_name()
    {
        var append = LogRecords.Encode(1_790_000_000_000, Readings());
        Assert.True(LogRecords.IsKnown(append));
        append[0] = 2;
        Assert.False(LogRecords.IsKnown(append));
        Assert.Equal("Stored form 'log append': version 2 was found; this build reads version 1.",
            Assert.ThrowsAny<FormatException>(() => new LogRecords.Reader(append)).Message);
        Assert.Contains("there are no bytes", Assert.ThrowsAny<FormatException>(() => new LogRecords.Reader([])).Message, StringComparison.Ordinal);
        Assert.Contains("cut off", Assert.ThrowsAny<FormatException>(() => new LogRecords.Reader([StoredFormat.LogAppend.Header, 0])).Message,
            StringComparison.Ordinal);
        var loose = StateCodec.EncodeLoose([]);
        loose[0]++;
        Assert.Contains("'meter on no account': version 2 was found", Assert.ThrowsAny<FormatException>(() => StateCodec.DecodeLoose(loose)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void First_bytes_tell_all_forms_apart_and_a_later_build_reads_earlier_versions()
    {
        Assert.Equal(StoredFormat.All.Count, StoredFormat.All.Select(f => f.Kind).Distinct().Count());
        Assert.All(StoredFormat.All, f => Assert.InRange(f.Header, 1, 127));
        var later = StoredFormat.Account with { Since = [1, 1, 1] };
        Assert.Equal(1, later.VersionOf([StoredFormat.Account.Header]));
        Assert.Equal(3, later.VersionOf([later.Header]));
        Assert.Equal("Stored form 'account': version 4 was found; this build reads versions 1 to 3.",
            Assert.ThrowsAny<FormatException>(() => later.VersionOf([(byte)(later.Header + 1)])).Message);
        Assert.False(later.Reads([0x10]));
    }

    [Fact]
    public void A_version_of_a_form_is_read_before_it_is_written()
    {
        var inForce = FormatVersion.InForce;
        Assert.Equal((FormatVersion.Oldest, FormatVersion.Newest), (inForce, inForce));
        var next = StoredFormat.LogAppend with { Since = [1, 1, inForce + 1] };
        Assert.Equal((3, 2, 0x02), (next.Newest, next.Version, next.Header));
        Assert.True(next.Reads([0x03]));
        Assert.Equal(3, next.VersionOf([0x03]));
        Assert.False(StoredFormat.LogAppend.Reads([0x02]));
        Assert.Throws<ArgumentOutOfRangeException>(() => FormatVersion.InForce = FormatVersion.Newest + 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => FormatVersion.InForce = 0);
        Assert.Equal(inForce, FormatVersion.InForce);
        Assert.All(Commands(), c => Assert.True(CommandVersions.IsInForce(c.GetType())));
    }

    /// <summary>
    /// A release before does not know a type of command that is new, and does not go on behind it. Once there is a release, a type that is added here
    /// belongs into <see cref="CommandVersions"/> with the next format version.
    /// </summary>
    [Fact]
    public void Each_type_of_command_has_the_format_version_that_brings_it()
    {
        var types = typeof(GridCommand).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>();
        var now = string.Concat(types.Select(t => $"{CommandVersions.Of(t.DerivedType)} {t.TypeDiscriminator}\n").Order(StringComparer.Ordinal));
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            File.WriteAllText(Path.Combine(folder, "command-versions.txt"), now);
        }

        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "command-versions.txt")), now);
    }

    /// <summary>The documentation's table has a row for each form, as the code has it.</summary>
    [Fact]
    public void The_table_of_formats_is_what_this_build_writes_and_reads()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AccountGrid.sln")))
        {
            folder = folder.Parent;
        }

        var page = File.ReadAllLines(Path.Combine(folder.FullName, "docs", "formats.md"));
        Assert.All(StoredFormat.All, f => Assert.Contains($"| {f.Name} | {f.Version} | `{f.Header:X2}` | `{f.Place}` | `{f.Writer}` | `{f.Reader}` |", page));
    }

    private static GridCommand[] Commands() =>
    [
        Given.Open(1, "2026-03-01", 1, "50"), Given.Pay(1, "12.34"), new ReversePayment(1, 5, "bounced"), new RefundCredit(1, new(7), null),
        new AdjustBalance(1, new(-7), "mistake"), new AdjustBalance(1, new(7), "taken back", "a", "b", 12),
        new ChangeTariff(1, 2, 739_000), new CloseAccount(1, 739_010, null), new ChangeHousehold(1, 5, true, 739_000, "wrong"),
        new SetContractedCapacity(1, 315_000, 739_000, "contract"), Given.Meter(7, 1, "2026-03-01T00:00+08:00") with { ReactiveVarh = 5 },
        Given.Meter(7, 1, "2026-03-01T00:00+08:00", 5, 10_000, 100_000_000, 900_000), new ReleaseMeter(7, 2, 3, 1_790_000_000_000, null),
        new ReceiveMeter(7, 1, 2, default, 1_790_000_000_000, 9, 0, [new MovedPoint(1_790_000_900_000, 10, ReadingQuality.Estimated, 1)]),
        new DecideReading(1, 7, 1_790_000_000_000, VeeOutcome.Spike, ReadingDecision.Accept, 9, ReadingDecision.Withdraw, null, 5, null, "seen", "a"),
        new DecideReading(1, 7, 1_790_000_000_000, null, ReadingDecision.Estimate, 9, ReadingDecision.Dismiss, 8, 0, "interpolated", "seen", "a", "b"),
        new ExchangeMeter(7, 8, 1_790_000_000_000, 9, 0, default), Given.RateMeter(7, 1, "2026-03-01T00:00+08:00", 5, 6),
        new ReleaseMeter(7, 2, 3, 1_790_000_000_000, 11, [5, 6], true), new ReceiveMeter(7, 1, 2, default, 1_790_000_000_000, 9, 0,
            [new MovedPoint(1_790_000_900_000, 10, 0, 0, Register: RegisterKind.ImportRate2)], [5, 6]),
        Given.Meter(7, 1, "2026-03-01T00:00+08:00", 5) with { ExportWh = 6 }, new ReleaseMeter(7, 1, 0, 1_790_000_000_000, 11, null, null, 6, true),
        new ReceiveMeter(7, 1, 2, default, 1_790_000_000_000, 9, 0, [new MovedPoint(1_790_000_900_000, 10, 0, 0, Register: RegisterKind.Export)], null, 6),
        new ExchangeMeter(7, 8, 1_790_000_000_000, 9, 0, default, null, null, 6, 1),
        new ExchangeMeter(7, 8, 1_790_000_000_000, 9, 0, default, [5, 6], [1, 2, 3]), new Check(1_790_000_000_000, [1, 2]),
        new SetCustomer(1, 5, CustomerClass.Important, CustomerTraits.Vulnerable, "form"),
        new SwitchMode(1, PaymentMode.Prepaid, "form", "a", "b", 2_500, new(1)), new SetBillingCycle(1, 15, 2),
        new PlaceHold(1, HoldKind.Weather, 1_790_000_000_000, "heat"),
        new LiftHold(1, HoldKind.Weather, "over"), new AnnouncePayment(1, "p1", 1_790_000_000_000),
        new AgreePlan(1, [new Instalment(739_000, new(5)), new Instalment(739_007, new(6))], "a"), new CancelPlan(1, "a", "wished"),
        new PromisePayment(1, 739_000),
        new RecordContact(1, "call", "a", "reached", "1:contact:2", "at work"), new CloseCase(1, "1:tamper:3", "a", "nothing found"),
        new ReportDelivery(1, "1:demand:3", "sms", 1_790_000_000_000), new ConfirmNotice(1, "1:demand:3", NoticeKind.Demand),
        new WaiveFees(1, new(5), "kind", "a", null),
        new MoveToDebt(1, new(5), 2_500, new(1), "moved"),
        new WriteOff(1, new(5), "gone", "a", "b"), new OrderRestore(1, "a", "told", 1_790_000_000_000), new ReleaseCut(1, 29_000_000),
        new ReportRelay(1, 7, 29_000_000, true, 1_790_000_000_000), new FileComplaint(1, "c1", ComplaintTopic.Bill),
        new ResolveComplaint(1, "c1", ComplaintTopic.Bill, ComplaintOutcome.PartlyUpheld, "a"), new AskSurvey(1, "s1", SurveyOccasion.Restore),
        new NotifyPrice(1, 2, Past: new(738_600, 738_964, 5, "1", "2")), new NotifyPrice(1, 2, IsWithdrawal: true),
        new CorrectTariff(1, 2, 738_990, true, "wrong", "a", "b"), new SetContractedCapacity(1, 315_000, 738_990, "contract", "a", "b"),
        new AnnounceDebit(1, "D1", "M1", 738_990, new(5), 739_000, 14),
        new CollectDebit(1, "D1", 739_000, new(5), 739_002), new ReportDebitReturn(1, "D1", "MD06", new(5), 56),
        Given.Open(2, "2026-03-01") with { Kind = AccountKind.Float },
        new TransferMoney(1, new(5), "CNY", 2, 3, "agents", "t", "q", "k"),
        new ReceiveTransfer(1, new(5), "CNY", "agents", "t", "q", new TransferSource(AccountKind.Float, 2, 3, new(1))),
        new ReturnTransfer(1, new(5), new(1), "t", "account.unknown", true), new MoveInternal(1, new(-5), "r", "a"), new SetFloatTerms(1, new(5), null, "a"),
        new SetMeterFacts(1, 7, new(1_790_000_000_000, 5, null, 900_000, 60_000_000), "wrong", "a", "b"),
        new EstimateReading(1, 7, 1_790_000_000_000, 9, EstimateMethod.LoadShape, "silent", "a"),
        new SetContractedCapacity(1, 315_000, 738_990, "contract", "a", "b", "kVA"), new ReleaseMeter(7, 0, 3, 1_790_000_000_000, 11, RatioMicro: 1_000_000),
        new ReceiveMeter(7, 1, 2, new(5, 6, 7, 60_000_000, [new(1_790_000_000_001, RatioMicro: 80_000_000)]), 1_790_000_000_000, 9, 0, []),
        new ExchangeMeter(7, 8, 1_790_000_000_000, 9, 0, default, RatioMicro: 12_500_000),
    ];

    private static IEnumerable<string> Lines()
    {
        AccountEvent[] events =
        [
            new AccountOpened("A1", 1, PaymentMode.Prepaid, 739_000, 2, true, [new(5)]), new PaymentTaken(new(5), "bank", "r"),
            new PaymentReversed(3, new(5), null), new RefundPaid(new(5), null), new BalanceAdjusted(new(-5), "x"), new BalanceAdjusted(new(5), "x", 12),
            new TariffChanged(2, 739_000), new AccountClosed(739_010, null),
            new HouseholdChanged(5, true, 738_991, "wrong"), new ContractedCapacitySet(315_000, 739_000, "contract"),
            new ContractedCapacitySet(315_000, 738_990, "contract", new(-5), true), new ContractedCapacitySet(315_000, 738_990, "contract", Unit: "kW"),
            new MeterFactsSet(7, 1_790_000_000_000, 5, null, null, 60_000_000, "wrong", "a", true, 5, -5, new(2)),
            new ReadingEstimated(7, 1_790_000_000_000, 9, EstimateMethod.LastYear, "silent", "a"),
            new MeterInstalled(7, 1, 2), new MeterInstalled(7, 1, 2, Facts: [new(1, 5, 6, 7, 60_000_000)]),
            new MeterReleased(7, 1, 2, 3), new MeterExchanged(7, 8, 1, 2, 3), new MeterInstalled(7, 1, 2, [5, 6]),
            new MeterReleased(7, 1, 2, 3, [5, 6]), new MeterExchanged(7, 8, 1, 2, 3, [5, 6], [7]), new BalanceLow("1:low-balance:1", new(5), new(4)),
            new MeterInstalled(7, 1, 2, null, 6), new MeterReleased(7, 1, 2, 3, null, 6), new MeterExchanged(7, 8, 1, 2, 3, null, null, 6, 1),
            new ReadingDecided(7, 1_790_000_000_000, VeeOutcome.Spike, ReadingDecision.Accept, 9, 9, 5, null, "seen", "a", false, 5, -5, new(2)),
            new CustomerSet(5, CustomerClass.Business, CustomerTraits.None, "form"),
            new ModeSwitched(PaymentMode.Postpaid, PaymentMode.Prepaid, "form", "a", "b", new(5), 2_500, new(1)),
            new HoldPlaced(HoldKind.Dispute, long.MaxValue, "x"), new HoldLifted(HoldKind.Dispute, "x"),
            new PaymentAnnounced("p1", 1_790_000_000_000), new PlanAgreed([new Instalment(739_000, new(5))], "a"), new PlanBroken(739_000, new(5)),
            new PlanFulfilled(new(5)),
            new PlanCancelled("a", "wished"), new PaymentPromised(739_000), new ContactRecorded("call", "a", "reached", null, "at work"),
            new CaseClosed("1:tamper:3", "a", "nothing found"),
            new DeliveryReported("1:demand:3", "sms", 1_790_000_000_000), new FeesWaived(new(5), "kind", "a", null),
            new DebtMoved(new(5), 2_500, new(1), "moved"),
            new DebtRecovered(new(5)), new WrittenOff(new(5), "gone", "a", "b"), new RestoreOrdered("a", "told", 1_790_000_000_000), new WaitBegunAnew("x"),
            new BillClosed("1-202602", 739_000, 739_027, 739_040, new(5), new(5), "p/1#0"), new BillingCycleSet(739_028, 15, 2, 5),
            new StageEntered(Stage.Due, Stage.Courtesy, 3, new(5), "p/1#0"),
            new NoticeGiven("1:demand:3", NoticeKind.Demand, "p/1#0"),
            new NoticeCompared("1:demand:3", null, "paid"),
            new CutDecided(CutStep.Planned, 29_000_000,
                new InterlockResult(false, [new InterlockReason(InterlockReasons.Hold, "A hold stands.")], "p/1#0",
                    new InterlockFacts { Cause = CutCause.Arrears, AtMs = 1_790_000_000_000, Balance = new(-5), Class = CustomerClass.Residential,
                        Traits = CustomerTraits.None, Holds = ["Dispute"] })),
            new RelayChanged(Relay.CutReleased, Relay.Cut, 29_000_000, CutCause.Arrears, null), new CompensationGiven(new(5), 1_790_000_000_000, "p/1#0"),
            new TamperSuspected(7, 29_000_000, 5), new ComplaintFiled("c1", ComplaintTopic.Cut),
            new ComplaintResolved("c1", ComplaintTopic.Cut, ComplaintOutcome.Withdrawn, "a"), new SurveyAsked("s1", SurveyOccasion.Case),
            new PriceNotified(2, 1, Past: new(738_600, 738_964, 5, "1", "2")), new TariffChanged(2, 738_990, true, new(-5), "wrong", true),
            new DebitAnnounced("D1", "M1", 738_990, new(5), 739_000), new DebitCollected("D1", 739_000, new(5), 1_790_000_000_000),
            new DebitReturned("D1", "MD06", new(5), 1_790_000_000_000),
            new PaymentTaken(new(5), "agents", "t", "q", new TransferSource(AccountKind.Float, 2, 3, new(1))),
            new PaymentReversed(3, new(5), null, new TransferSource(AccountKind.Float, 2, 3, new(1))), new FloatTermsSet(new(5), 10_000, "a"),
                new InternalMoved(new(-5), "r", "a"),
            new MoneyTransferred(new TransferMoney(1, new(5), "CNY", 2, 3, "agents", "t", "q", "k")), new CommissionEarned(new(1), "t"),
            new TransferReturned(new(5), new(1), "t", "x", false),
        ];
        return Commands().Select(c => "command " + Encoding.UTF8.GetString(c.ToBytes()))
            .Concat(events.Select(e => "event " + JsonSerializer.Serialize(e, AccountEventJson.Event)))
            .Append("readings " + Convert.ToHexString(LogRecords.Encode(1_790_000_000_000, Readings())))
            .Append("account " + Convert.ToHexString(StateCodec.Encode(Grid().Account(1))))
            .Append("account " + Convert.ToHexString(StateCodec.Encode(WithCustomer(Grid().Account(1)))))
            .Append("account " + Convert.ToHexString(StateCodec.Encode(OfFloats(Grid().Account(1)))))
            .Append("account " + Convert.ToHexString(StateCodec.Encode(OfExport(Grid().Account(1)))))
            .Append("page " + Convert.ToHexString(Assert.Single(PageGrid()[0].State.TakeDirtyPages()).States));
    }

    /// <summary>The same account with a meter that measures export, under net metering.</summary>
    private static AccountState OfExport(AccountState account)
    {
        account.Periods[0].Live.ByRate = RateSums.Of([5, 6], [8, 9]);
        account.Periods[0].Closed.ByRate = RateSums.Of([0, 0], [8, 0]);
        account.Carried.Add(new CarriedExport(1, [5, -6]));
        account.Meters[0].Export = new MeterState(7, 0, RegisterKind.Export)
        {
            Account = account,
            FromMs = 1_790_000_000_000,
            Tail = new Point(1_790_000_000_000, 5),
            Last = new Point(1_790_000_000_000, 5),
            Reopened = [new BookedDay(739_000, new Energy(5), new Money(-6), 7, 8, [1, 4])],
        };
        return account;
    }

    /// <summary>The same account as a float, with a payment that came out of one.</summary>
    private static AccountState OfFloats(AccountState account)
    {
        account.Internal = new InternalAccount(AccountKind.Float, new Money(5), 10_000);
        account.Movements.Add(new MoneyMovement(9, 739_000, new Money(5), new Money(5), false, new TransferSource(AccountKind.Float, 2, 3, new(1))));
        return account;
    }

    /// <summary>The same account with every field of its workflows set, each to another value.</summary>
    private static AccountState WithCustomer(AccountState account)
    {
        var c = new Customer
        {
            PolicyFamily = 5,
            Class = CustomerClass.Important,
            Traits = CustomerTraits.Vulnerable,
            BalanceShownMs = 11,
            RemindedMs = 12,
            NegativeSinceMs = 13,
            CreditUsedMs = 14,
            WaitFromMs = 16,
            HasOwnLevels = true,
            DueMs = 15,
            Debt = new Debt(new Money(31), 32, new Money(33), 34),
        };
        c.Use.Add(739_000, new Energy(21));
        c.Use.Add(739_002, new Energy(22));
        c.Holds.Add(new Hold(HoldKind.Bereavement, 41));
        c.PendingPayments.Add(new PendingPayment("p1", 42));
        c.PendingPayments.Add(new PendingPayment("D1", 45, IsDebit: true));
        c.AnnouncedDebits.Add(new AnnouncedDebit("D2", 46, new(47), 48, "1:direct-debit:3"));
        c.Cases.Add(new WorkCase(CaseKind.DeliverByHand, 6, "1:stop-notice:4"));
        c.Cases.Add(new WorkCase(CaseKind.Tamper, 7, null));
        var o = c.Overdue;
        (o.Stage, o.StageDay, o.Episode, o.BilledThroughDay, o.BillCount, o.Carried, o.Credited) = (Stage.Demand, 51, 52, 53, 54, new(55), new(56));
        o.PlanPosition = 63;
        (o.IsFinalBilled, o.PayOut) = (true, new(61));
        o.Cycles.Add(new BillingCycle(57, 58, 59, 60));
        (o.FeeThroughDay, o.PlanPaid, o.PromiseDay, o.DemandDay, o.StopNoticeDeliveredMs, o.LastNoticeDeliveredMs) = (62, new(64), 65, 66, 67, 68);
        (o.StopNoticeId, o.LastNoticeId, o.AskedByHand, o.AuthorityInformed, o.ContactAttempts, o.WelfareVisited, o.ProofDueDay, o.LetterNumber,
            o.BillNoticeNumber) = ("1:stop-notice:4", "1:last-notice:5", true, true, 69, true, 70, 43, 44);
        var named = new NamedAmounts([new NamedAmount(AmountKind.Levy, "fund", new Money(78)), new NamedAmount(AmountKind.Tax, "VAT", new Money(79))]);
        o.Unbilled.Add(
            new MonthSum(71, 72, new ChargeParts(new Money(73), new Money(74), new Money(75), new Money(76), new Money(78), named), new Money(77)));
        o.Book.Items.Add(new OpenItem(81, ItemKind.Debit, 82, new(84), new(83), 85, new(86), new(87), 88));
        o.Book.Credits.Add(new ItemCredit(91, 92) { Left = new(93), Debt = new(94) });
        o.Book.Credits[0].Parts.Add(new ItemPart(81, new(95)));
        (o.Book.Advance, o.Book.LastNumber) = (new(96), 99);
        o.Plan.Add(new Instalment(97, new(98)));
        var s = c.Supply;
        (s.Relay, s.Cause, s.Sequence, s.SinceMs, s.ExpiresMs, s.RestoreSinceMs, s.Compensated, s.TamperSeen, s.AskedToRestore, s.AskedAuthority) =
            (Relay.Restoring, CutCause.Exhausted, 101, 102, 103, 104, true, true, true, true);
        s.NoticeNumber = 105;
        s.Waiting.Add(7);
        account.Customer = c;
        Level[] levels =
            [new(LevelKind.Exhausted, 0, Money.Zero, new(1)), new(LevelKind.Days, 7, new(111), new(112)), Level.OfAmount(new(113))];
        account.Levels = account.Levels.With(levels, account.Balance);
        return account;
    }

    /// <summary>
    /// A page of five accounts: one with a bit of everything, closed days and late data in another form than a row's; a plain one with readings since it was
    /// packed; one without a reading; one without a meter; one with a customer.
    /// </summary>
    private static FoldHarness PageGrid()
    {
        var grid = Grid();
        var now = Given.At("2026-03-04T09:00+08:00");
        void Open(int account, int meter)
        {
            grid.Execute(0, Given.Open(account, "2026-02-28", 1, "5", "1"), now);
            if (meter != 0)
            {
                grid.Execute(0, Given.Meter(meter, account, "2026-03-01T00:00+08:00", 500, 50_000, 100_000_000, 3_600_000), now);
            }
        }

        void Read(int meter, int from, int to)
        {
            for (var i = from; i <= to; i++)
            {
                var at = Given.At("2026-03-01T00:00+08:00") + (i * Instants.MsPerHour);
                grid[0].Append(at + 1_234, new Reading(meter, RegisterKind.Import, at, 500 + (i * 40) + (i % 24 > 18 ? 30 : 0), 0, 0));
                grid.Settle();
            }
        }

        Open(2, 8);
        Read(8, 1, 80);
        grid[0].Append(new Check(now, [2]), now);
        grid[0].Append(now, new Reading(8, RegisterKind.Export, now, 77, 0, 0));
        grid.Execute(0, Given.Pay(2, "20"), now);
        Read(8, 81, 86);
        Open(3, 9);
        Open(4, 0);
        Open(5, 10);
        grid.Execute(0, new SetCustomer(5, 0, CustomerClass.Business, CustomerTraits.None), now);
        Read(10, 1, 5);
        Open(6, 0);
        grid.Execute(0, Given.RateMeter(11, 6, "2026-03-01T00:00+08:00", 5, 6), now);
        grid[0].Append(now, Given.Rate(11, 1, "2026-03-01T01:00+08:00", 9), Given.Rate(11, 2, "2026-03-01T01:00+08:00", 7),
            Given.Reading(11, "2026-03-01T01:00+08:00", 16));
        grid.Settle();
        Assert.Equal((6, 1), (grid[0].State.AccountCount, grid[0].State.UnpackedCount));
        return grid;
    }

    private static Reading[] Readings() =>
        [new Reading(7, RegisterKind.Import, 1_789_999_999_000, 123_456_789, ReadingQuality.Estimated, 3),
            new Reading(8, RegisterKind.Import, 1_790_000_000_000, 5, 0, 0), new Reading(8, RegisterKind.Export, 1_790_000_000_000, 5, 0, 0)];

    /// <summary>An account with a bit of everything: two periods, closed and reopened days, a shape, a payment, a fired level.</summary>
    private static FoldHarness Grid()
    {
        var grid = new FoldHarness(1, Given.Tou() with { Tiers = Given.Tiers(), TaxBasisPoints = 1300, StandingPerDay = "0.3" });
        grid.Execute(0, Given.Open(1, "2026-02-25", 1, "5", "1"), 1_771_948_800_000);
        grid.Execute(0, Given.Meter(7, 1, "2026-02-25T00:00+08:00", 1_000, 50_000, 0, 3_600_000), 1_771_948_800_000);
        grid.Execute(0, Given.Pay(1, "6"), 1_771_948_800_000);
        var start = Given.At("2026-02-25T00:00+08:00");
        for (var i = 1; i <= 150; i++)
        {
            if (i is not (70 or 71))
            {
                grid[0].Append(start + (i * Instants.MsPerHour),
                    new Reading(7, RegisterKind.Import, start + (i * Instants.MsPerHour), 1_000 + (i * (i % 24 > 18 ? 90 : 40)), 0, 0));
            }
        }

        grid[0].Append(new Check(start + (160 * Instants.MsPerHour), [1]), start + (160 * Instants.MsPerHour));
        grid[0].Append(start + (161 * Instants.MsPerHour),
            new Reading(7, RegisterKind.Import, start + (70 * Instants.MsPerHour), 4_500, ReadingQuality.Estimated, 1));
        grid.Settle();
        return grid;
    }
}
