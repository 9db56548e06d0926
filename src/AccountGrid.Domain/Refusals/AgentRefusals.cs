namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of what agents ask, and of their floats.</summary>
public static class AgentRefusals
{
    public static RefusalCode Unknown { get; } =
        new("agent.unknown", 404, "The agent does not exist, or is another channel's.", "Register the agent first.");

    public static RefusalCode Exists { get; } =
        new("agent.exists", 409, "The agent exists under another channel.", "Choose another id.");

    public static RefusalCode ChannelInvalid { get; } =
        new("agent.channel_invalid", 422, "The channel is not one that sells out of floats.", "Name a channel of kind agent.");

    public static RefusalCode Needed { get; } =
        new("agent.needed", 422, "The channel sells out of floats, and no agent is named.", "Name the agent, or use the agent's own key.");

    public static RefusalCode NotOfKey { get; } =
        new("agent.not_of_key", 422, "The agent is not the one of the key.", "Leave the agent out; the key names it.");

    public static RefusalCode TxnOfAnother { get; } =
        new("agent.txn_of_another", 404, "The payment is another agent's.", "Ask for payments of your own.");

    public static RefusalCode MoveInvalid { get; } =
        new("agent.move_invalid", 422, "The kind of the change is not known.", "Send deposit, withdrawal, limit or commission.");

    public static RefusalCode ReferenceReused { get; } =
        new("agent.reference_reused", 409, "The reference was used before with another amount.", "Use a reference of its own for each change.");

    public static RefusalCode FloatExhausted { get; } =
        new("agent.float_exhausted", 422, "The amount is more than what is left of the agent's float.", "Deposit into the float first, or sell less.");

    public static RefusalCode SuspenseShort { get; } =
        new("suspense.short", 422, "The amount is more than the channel's suspense account holds.", "List the held payments again.");

    public static RefusalCode LimitInvalid { get; } =
        new("agent.limit_invalid", 422, "The limit of the float is out of range.", "Send an amount in the range that the detail names.");

    public static RefusalCode CommissionInvalid { get; } =
        new("agent.commission_invalid", 422, "The commission is out of range.", "Send a share in the range that the detail names.");

    public static RefusalCode WithdrawalExceeds { get; } =
        new("agent.withdrawal_exceeds", 422, "The withdrawal is more than the float holds.", "Withdraw at most what the detail names.");
}
