namespace AccountGrid.Faults;

// Switches that break a promise on purpose, in test builds only: each must be caught by the layer that is named for it in the load tester's verb
// sabotage, or the tests are worth nothing. ACCOUNTGRID_SABOTAGE names those that are on, with commas between. Elsewhere all are off, and the
// compiler leaves nothing of them.
internal static class Sabotage
{
#if FAULTS
    private static readonly string[] On = (Environment.GetEnvironmentVariable("ACCOUNTGRID_SABOTAGE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static bool Is(string name) => On.Contains(name);
#else
    private static bool Is(string name) => name.Length == 0;
#endif

    // A key that was used before is taken as new.
    public static bool NoUniqueKey => Is("no-unique-key");

    // What could not be committed is acknowledged all the same.
    public static bool AckWithoutCommit => Is("ack-without-commit");

    // Flushes do not look whose partition it is.
    public static bool NoFence => Is("no-fence");

    // A flush whose outcome is unknown is taken as done.
    public static bool TrustFailedFlush => Is("trust-failed-flush");

    // Stored states claim to hold one record more than they do.
    public static bool StatesAhead => Is("states-ahead");

    // The first page of each state flush is forgotten.
    public static bool LoseAPage => Is("lose-a-page");

    // A batch that does not continue what was folded is folded all the same.
    public static bool SkipGaps => Is("skip-gaps");

    // Charges are cut off to hundredths.
    public static bool CutOffMoney => Is("cut-off-money");

    // Rates go by the hour in UTC.
    public static bool IgnoreZone => Is("ignore-zone");

    // A level that was told is told again while the balance stays below it.
    public static bool NoHysteresis => Is("no-hysteresis");

    // Messages are marked as sent before they are.
    public static bool MarkBeforeSend => Is("mark-before-send");

    // Messages go out at any hour.
    public static bool IgnoreQuietHours => Is("ignore-quiet-hours");

    // Messages that waited leave as they were decided.
    public static bool SendStale => Is("send-stale");

    // A cut leaves without the interlock's second word.
    public static bool CutWithoutInterlock => Is("cut-without-interlock");

    // Accounts that are due are not looked at.
    public static bool SkipDue => Is("skip-due");

    // A record that cannot be folded is passed over without a word.
    public static bool HideQuarantine => Is("hide-quarantine");

    // Debits beside bills are no items: no bill asks for them.
    public static bool NoDebitItems => Is("no-debit-items");

    // A bounced payment gives a debt back by the terms, not what it had recovered.
    public static bool BounceByTerms => Is("bounce-by-terms");

    // A bounced payment is a new debit: what it had paid stays paid.
    public static bool BounceAsNew => Is("bounce-as-new");

    // A change of tariff schedules no standing charge.
    public static bool ForgetStanding => Is("forget-standing");

    // Late fees grow under a kept plan, a promise and a dispute.
    public static bool FeeDuringPlan => Is("fee-during-plan");

    // Late fees grow while a direct debit is under way.
    public static bool FeeDuringDebit => Is("fee-during-debit");

    // A payment that is taken back bears late fees for days on which it had stood.
    public static bool FeeForReturn => Is("fee-for-return");

    // Arrears below the minimum bear late fees.
    public static bool FeeOnACent => Is("fee-on-a-cent");

    // What letters ask for is cut off to whole units.
    public static bool AskTooLittle => Is("ask-too-little");

    // No part of a debt falls due on bills.
    public static bool NoDebtOnBills => Is("no-debt-on-bills");

    // A register that falls and returns is charged for its return.
    public static bool CountReturns => Is("count-returns");

    // An estimate that is above a later measured value stays.
    public static bool KeepEstimates => Is("keep-estimates");

    // A gap is spread by the load of its own first day, too.
    public static bool LastShape => Is("last-shape");

    // A step of the register counts as a spike.
    public static bool SpikeByStep => Is("spike-by-step");

    // Closed days that were opened again and have no points left are forgotten.
    public static bool ForgetReopened => Is("forget-reopened");

    // A version of a tariff is taken on a day on which it is not in force yet.
    public static bool FutureVersion => Is("future-version");

    // A meter counts from before its account's first day.
    public static bool BeforeOpening => Is("before-opening");

    // Arrears below the minimum have stages.
    public static bool StageOnACent => Is("stage-on-a-cent");

    // Stages are entered under a kept plan, a promise and a dispute.
    public static bool StageDuringPlan => Is("stage-during-plan");

    // Supply is not restored after a payment.
    public static bool StayDark => Is("stay-dark");

    // A sale that is taken back does not return to its float.
    public static bool KeepSales => Is("keep-sales");

    // What has paid an item is not noted.
    public static bool ForgetParts => Is("forget-parts");
}
