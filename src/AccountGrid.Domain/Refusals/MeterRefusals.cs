namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of meters and gateways.</summary>
public static class MeterRefusals
{
    public static RefusalCode Unknown { get; } =
        new("meter.unknown", 404, "The meter does not exist.", "Check the meter's id; install it first.");

    public static RefusalCode Exists { get; } =
        new("meter.exists", 409, "The meter exists with other content.", "Choose another id.");

    public static RefusalCode NotHere { get; } =
        new("meter.not_here", 409, "The meter was moved meanwhile.", "Send the request again.");

    public static RefusalCode NotOnAccount { get; } =
        new("meter.not_on_account", 422, "The meter is not in use on an account.", "Assign it first.");

    public static RefusalCode BeforeAccount { get; } =
        new("meter.before_account", 422, "The meter would begin before its account.", "Choose the day that the detail names, or a later one.");

    public static RefusalCode IdCollides { get; } =
        new("meter.id_collides", 422, "The id cannot be told apart from another meter's.", "Choose another id.");

    public static RefusalCode TimeInvalid { get; } =
        new("meter.time_invalid", 422, "The instant is out of range.", "Choose an instant in the range that the detail names.");

    public static RefusalCode CapacityInvalid { get; } =
        new("meter.capacity_invalid", 422, "The capacity is out of range.", "Send watts in the range that the detail names.");

    public static RefusalCode WidthInvalid { get; } =
        new("meter.width_invalid", 422, "The register's width is out of range.", "Send watt-hours in the range that the detail names.");

    public static RefusalCode IntervalInvalid { get; } =
        new("meter.interval_invalid", 422, "The interval is out of range.", "Send seconds in the range that the detail names.");

    public static RefusalCode RegisterInvalid { get; } =
        new("meter.register_invalid", 422, "The register is out of range.", "Send watt-hours in the range that the detail names.");

    public static RefusalCode RateRegistersInvalid { get; } =
        new("meter.rate_registers_invalid", 422, "The rate registers are not those of the meter.", "Send the registers that the detail names, 1.8.1 first.");

    public static RefusalCode RelayOff { get; } =
        new("meter.relay_off", 409, "The meter's relay is not confirmed to be on.", "Switch it on by a relay test and have it confirmed.");

    public static RefusalCode RatioInvalid { get; } =
        new("meter.ratio_invalid", 422, "The ratio of the transformers is missing or out of range.", "Send the decimal that the detail asks for.");

    public static RefusalCode FactsMissing { get; } =
        new("meter.facts_missing", 422, "Nothing of the meter is another.", "Give capacity, interval, register width or ratio.");

    public static RefusalCode FactsTime { get; } =
        new("meter.facts_time", 422, "The instant can no longer change, or is to come.", "Choose an instant in the range that the detail names.");

    public static RefusalCode FactsReading { get; } =
        new("meter.facts_reading", 422, "The meter has no reading where another ratio would begin.", "Send the register at that instant as a reading first.");

    public static RefusalCode FactsTooMany { get; } =
        new("meter.facts_too_many", 422, "The meter has too many changes.", "Replace one at its own instant, or exchange the meter.");

    public static RefusalCode GatewayUnknown { get; } =
        new("gateway.unknown", 404, "The gateway does not exist.", "Register it first.");

    public static RefusalCode CommandNotOfMeter { get; } =
        new("command.not_of_meter", 422, "The command is not one for this meter.", "Send it to the meter that it names.");

    public static RefusalCode ReactiveInvalid { get; } =
        new("meter.reactive_invalid", 422, "The value of 3.8.0 does not fit the meter.", "Send it exactly where the meter measures reactive energy.");

    public static RefusalCode ExportInvalid { get; } = new(
        "meter.export_invalid", 422, "The value of 2.8.0 is missing, or does not belong to the meter.",
        "Give it for a meter that measures export, and for no other.");

    public static RefusalCode AssignmentSameAccount { get; } =
        new("assignment.same_account", 422, "The meter is on this account already.", "Nothing needs to be done.");

    public static RefusalCode AssignmentTooEarly { get; } =
        new("assignment.too_early", 422, "The move is before the meter came to its account.", "Choose a later instant.");

    public static RefusalCode AssignmentTooLate { get; } =
        new("assignment.too_late", 422, "The move lies in a period that can no longer change.", "Choose a later instant.");

    public static RefusalCode AssignmentBeforeLastReading { get; } =
        new("assignment.before_last_reading", 422, "The move does not follow the meter's last reading.", "Send an instant and a register that follow it.");

    public static RefusalCode AssignmentRegisterConflict { get; } =
        new("assignment.register_conflict", 422, "The register differs from the reading at that instant.", "Correct the register.");

    public static RefusalCode ExchangeTooEarly { get; } =
        new("exchange.too_early", 422, "The exchange is before the meter came to its account.", "Choose a later instant.");

    public static RefusalCode ExchangeTooLate { get; } =
        new("exchange.too_late", 422, "The exchange lies in a period that can no longer change.", "Choose a later instant.");

    public static RefusalCode ExchangeRegisterConflict { get; } =
        new("exchange.register_conflict", 422, "The final register differs from the reading at that instant.", "Correct the register.");

    public static RefusalCode ExchangeFinalRegister { get; } =
        new("exchange.final_register", 422, "The final register cannot follow the meter's last reading.", "Correct the register or the instant.");
}
