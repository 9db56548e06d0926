namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of relay commands and tests.</summary>
public static class RelayRefusals
{
    public static RefusalCode On { get; } =
        new("relay.on", 422, "Supply is not cut, and no cut is under way.", "Nothing needs to be done.");

    public static RefusalCode StateInvalid { get; } =
        new("relay.state_invalid", 422, "The state is not on or off.", "Send on or off.");

    public static RefusalCode ActionInvalid { get; } =
        new("relay.action_invalid", 422, "The action is not on or off.", "Send on or off.");

    public static RefusalCode WaitInvalid { get; } =
        new("relay.wait_invalid", 422, "The wait is out of range.", "Send seconds in the range that the detail names.");

    public static RefusalCode UntilInvalid { get; } =
        new("relay.until_invalid", 422, "The end of the ordered restore is out of range.", "Choose a time in the range that the detail names.");

    public static RefusalCode Superseded { get; } =
        new("relay.superseded", 422, "The command is no longer the current one.", "Ask for the commands again.");

    public static RefusalCode Interlock { get; } =
        new("relay.interlock", 422, "The interlock refused the cut.", "The detail names every reason.");

    public static RefusalCode NotHeld { get; } =
        new("relay.not_held", 404, "No such cut is held.", "List the held cuts again.");

    public static RefusalCode NoTest { get; } =
        new("relay.no_test", 404, "The meter's relay was not tested.", "Request a test first.");

    public static RefusalCode TestOnAccount { get; } =
        new("relay.test_on_account", 409, "The meter is on an account.", "Test relays of meters that are on none.");
}
