namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of policy packs.</summary>
public static class PolicyRefusals
{
    public static RefusalCode Unknown { get; } =
        new("policy.unknown", 422, "The policy pack does not exist or is not effective.", "Register it, or check its id.");

    public static RefusalCode Invalid { get; } =
        new("policy.invalid", 422, "The policy pack is not valid.", "Correct the fields that the detail names.");

    public static RefusalCode Immutable { get; } =
        new("policy.immutable", 409, "The version exists with other content.", "Register the change under a new version.");

    public static RefusalCode TooEarly { get; } =
        new("policy.too_early", 422, "The version begins too early.", "Choose the day that the detail names, or a later one.");

    public static RefusalCode OutOfOrder { get; } =
        new("policy.out_of_order", 422, "A later version exists.", "Register versions in the order of their days.");

    public static RefusalCode Incompatible { get; } =
        new("policy.incompatible", 422, "The pack's currency differs from the tariff's.", "Choose a pack with the currency of the tariff.");
}
