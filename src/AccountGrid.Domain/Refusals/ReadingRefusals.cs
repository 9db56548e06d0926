namespace AccountGrid.Domain.Refusals;

/// <summary>
/// Refusals of single readings, and what validation finds about readings that are kept. Each is named with the item, never as the status of an answer.
/// </summary>
public static class ReadingRefusals
{
    public static RefusalCode NotAnObject { get; } =
        new("reading.not_an_object", 0, "The item is not a JSON object.", "Send it again once it is corrected.");

    public static RefusalCode JsonInvalid { get; } =
        new("reading.json_invalid", 0, "The line is not one JSON value.", "Send it again once it is corrected.");

    public static RefusalCode Utf8Invalid { get; } =
        new("reading.utf8_invalid", 0, "A text is not valid UTF-8.", "Send it again once it is corrected.");

    public static RefusalCode TooDeep { get; } =
        new("reading.too_deep", 0, "ext is nested too deeply.", "Send it again once it is corrected.");

    public static RefusalCode FieldUnknown { get; } =
        new("reading.field_unknown", 0, "A field is not known.", "Remove it, or move it into ext.");

    public static RefusalCode FieldRepeated { get; } =
        new("reading.field_repeated", 0, "A field is given twice.", "Send it once.");

    public static RefusalCode MeterMissing { get; } =
        new("reading.meter_missing", 0, "The meter is missing.", "Send it again once it is corrected.");

    public static RefusalCode MeterInvalid { get; } =
        new("reading.meter_invalid", 0, "The meter's id is not valid.", "Send it again once it is corrected.");

    public static RefusalCode MeterUnknown { get; } =
        new("reading.meter_unknown", 0, "The meter is not registered.", "Keep the reading, register the meter and send it each hour.");

    public static RefusalCode MeterNotYours { get; } =
        new("reading.meter_not_yours", 0, "The meter is registered with another gateway.", "Keep the reading, correct the registration and send it each hour.");

    public static RefusalCode TimeMissing { get; } =
        new("reading.time_missing", 0, "The time is missing.", "Send it again once it is corrected.");

    public static RefusalCode TimeInvalid { get; } =
        new("reading.time_invalid", 0, "The time is not valid.", "Send it again once it is corrected.");

    public static RefusalCode TimeInFuture { get; } =
        new("reading.time_in_future", 0, "The time is later than the grid's clock allows.", "Keep the reading, check the clock and send it each hour.");

    public static RefusalCode ReadAtInvalid { get; } =
        new("reading.read_at_invalid", 0, "The time of collection is not valid.", "Send it again once it is corrected.");

    public static RefusalCode ValueMissing { get; } =
        new("reading.value_missing", 0, "The value is missing.", "Send it again once it is corrected.");

    public static RefusalCode ValueInvalid { get; } =
        new("reading.value_invalid", 0, "The value is not a whole number of 64 bits.", "Send it again once it is corrected; use scale for decimals.");

    public static RefusalCode ValueOutOfRange { get; } =
        new("reading.value_out_of_range", 0, "The value is out of range.", "Send it again once it is corrected.");

    public static RefusalCode ScaleInvalid { get; } =
        new("reading.scale_invalid", 0, "The scale is out of range.", "Send it again once it is corrected.");

    public static RefusalCode UnitUnsupported { get; } =
        new("reading.unit_unsupported", 0, "The unit is not Wh.", "Send watt-hours.");

    public static RefusalCode RegisterUnknown { get; } =
        new("reading.register_unknown", 0, "The OBIS code is not known.", "Send it again once it is corrected.");

    public static RefusalCode RegisterNotCharged { get; } =
        new("reading.register_not_charged", 0, "The OBIS code names a register that the meter is not charged by.",
            "Do not send it, or exchange the meter for one that is charged by its rate registers.");

    public static RefusalCode QualityInvalid { get; } =
        new("reading.quality_invalid", 0, "A quality code is not known.", "Send it again once it is corrected.");

    public static RefusalCode RevisionInvalid { get; } =
        new("reading.revision_invalid", 0, "The revision is not 0 to 255.", "Send it again once it is corrected.");

    public static RefusalCode SequenceInvalid { get; } =
        new("reading.sequence_invalid", 0, "The sequence is not a whole number of 0 or more.", "Send it again once it is corrected.");

    public static RefusalCode ExportNotCredited { get; } =
        new("reading.export_not_credited", 0, "The account's tariff does not say what exported energy is worth.",
            "Put the account on a tariff with export, and adjust the balance for the days before. The energy is in the meter's days.");

    public static RefusalCode CapacityMissing { get; } =
        new("reading.capacity_missing", 0, "The month is charged for capacity or demand, and the account has no contracted capacity.",
            "Set the contracted capacity from the first of those days on.");

    public static RefusalCode RegistersDisagree { get; } =
        new("reading.registers_disagree", 0, "The meter's rate registers do not add up to its total.",
            "Look at the meter: its registers or their codes. The rate registers are charged as they are.");

    public static RefusalCode Conflict { get; } =
        new("reading.conflict", 0, "The same time has another value already.", "A person decides which value counts; a higher revision replaces it.");

    public static RefusalCode RegisterFell { get; } =
        new("reading.register_fell", 0, "The register fell, and it is not a rollover.", "A person decides what to charge.");

    public static RefusalCode Spike { get; } =
        new("reading.spike", 0, "The difference is more than the service can carry.", "A person decides what to charge.");

    public static RefusalCode GapTooLong { get; } =
        new("reading.gap_too_long", 0, "The gap is too long to spread.", "A person decides what to charge.");

    public static RefusalCode Gap { get; } =
        new("reading.gap", 0, "Intervals are missing; their energy was spread over them.", "Check the gateway if it happens often.");

    public static RefusalCode BeforeInstallation { get; } =
        new("reading.before_installation", 0, "The reading is before the meter's installation.", "Correct the installation, or dismiss the reading.");

    public static RefusalCode AfterRemoval { get; } =
        new("reading.after_removal", 0, "The reading is after the meter's removal.", "Correct the removal, or dismiss the reading.");

    public static RefusalCode TooLate { get; } =
        new("reading.too_late", 0, "The reading lies in a period that can no longer change.", "Adjust the balance if the customer was charged wrongly.");

    public static RefusalCode MeterUnassigned { get; } =
        new("reading.meter_unassigned", 0, "The meter is on no account.", "Assign the meter; a person decides about the energy.");

    public static RefusalCode BackBilling { get; } =
        new("reading.back_billing", 0, "The energy was used longer ago than the pack allows to charge.", "It is never charged.");

    public static RefusalCode AccountLimit { get; } =
        new("reading.account_limit", 0, "The account is at the bound of what it can hold.", "Bill or settle the account; the next reading has the energy too.");

    public static RefusalCode MeterZeroRun { get; } =
        new("meter.zero_run", 0, "The meter has shown no consumption for days.", "Check the meter.");

    public static RefusalCode MeterFrozenRun { get; } =
        new("meter.frozen_run", 0, "The meter repeats the same consumption.", "Check the meter.");
}
