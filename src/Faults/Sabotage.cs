namespace AccountGrid.Faults;

/// <summary>
/// Switches that break a promise on purpose, in test builds only: each must be caught by the layer that is named for it in the load tester's verb
/// <c>sabotage</c>, or the tests are worth nothing. <c>ACCOUNTGRID_SABOTAGE</c> names those that are on, with commas between. Elsewhere all are off, and the
/// compiler leaves nothing of them.
/// </summary>
internal static class Sabotage
{
#if FAULTS
    private static readonly string[] On = (Environment.GetEnvironmentVariable("ACCOUNTGRID_SABOTAGE") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static bool Is(string name) => On.Contains(name);
#else
    private static bool Is(string name) => name.Length == 0;
#endif

    /// <summary>A key that was used before is taken as new.</summary>
    public static bool NoUniqueKey => Is("no-unique-key");

    /// <summary>What could not be committed is acknowledged all the same.</summary>
    public static bool AckWithoutCommit => Is("ack-without-commit");

    /// <summary>Flushes do not look whose partition it is.</summary>
    public static bool NoFence => Is("no-fence");

    /// <summary>A flush whose outcome is unknown is taken as done.</summary>
    public static bool TrustFailedFlush => Is("trust-failed-flush");

    /// <summary>Stored states claim to hold one record more than they do.</summary>
    public static bool StatesAhead => Is("states-ahead");

    /// <summary>The first page of each state flush is forgotten.</summary>
    public static bool LoseAPage => Is("lose-a-page");

    /// <summary>A batch that does not continue what was folded is folded all the same.</summary>
    public static bool SkipGaps => Is("skip-gaps");

    /// <summary>Charges are cut off to hundredths.</summary>
    public static bool CutOffMoney => Is("cut-off-money");

    /// <summary>Rates go by the hour in UTC.</summary>
    public static bool IgnoreZone => Is("ignore-zone");

    /// <summary>A level that was told is told again while the balance stays below it.</summary>
    public static bool NoHysteresis => Is("no-hysteresis");

    /// <summary>Messages are marked as sent before they are.</summary>
    public static bool MarkBeforeSend => Is("mark-before-send");

    /// <summary>Messages go out at any hour.</summary>
    public static bool IgnoreQuietHours => Is("ignore-quiet-hours");

    /// <summary>A cut leaves without the interlock's second word.</summary>
    public static bool CutWithoutInterlock => Is("cut-without-interlock");

    /// <summary>Accounts that are due are not looked at.</summary>
    public static bool SkipDue => Is("skip-due");

    /// <summary>A record that cannot be folded is passed over without a word.</summary>
    public static bool HidePoison => Is("hide-poison");
}
