namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of the register of customers, of areas and of assignments.</summary>
public static class RegistryRefusals
{
    public static RefusalCode CustomerUnknown { get; } =
        new("customer.unknown", 404, "The customer does not exist.", "Check the customer's id.");

    public static RefusalCode CustomerExists { get; } =
        new("customer.exists", 409, "The customer was registered with other content.", "Change it with PUT, or choose another id.");

    public static RefusalCode SizeInvalid { get; } =
        new("customer.size_invalid", 422, "The size band is not known.", "Send a size that the detail names.");

    public static RefusalCode SegmentInvalid { get; } =
        new("customer.segment_invalid", 422, "The segment is not known.", "Send a class, or a class and a size such as business/large.");

    public static RefusalCode GradeInvalid { get; } =
        new("customer.grade_invalid", 422, "The grade is not known.", "Send A, B, C or D.");

    public static RefusalCode BreachInvalid { get; } =
        new("customer.breach_invalid", 422, "The kind of breach or its day is not valid.", "Send a kind that the detail names and a day that is not to come.");

    public static RefusalCode BreachUnknown { get; } =
        new("customer.breach_unknown", 404, "The customer has no such hazard.", "Check the number in the customer's grade, and the day.");

    public static RefusalCode BreachEnded { get; } =
        new("customer.breach_ended", 409, "The hazard ended already.", "Nothing needs to be done.");

    public static RefusalCode NoteInvalid { get; } =
        new("note.invalid", 422, "The kind of note or its days are not valid.", "Send situation or vacant, and a last day that is not before the first.");

    public static RefusalCode NoteUnknown { get; } =
        new("note.unknown", 404, "The customer has no such note.", "Check the number of the note that is to be corrected.");

    public static RefusalCode NoteCorrected { get; } =
        new("note.corrected", 409, "The note was corrected already.", "Correct the later note.");

    public static RefusalCode DemandInvalid { get; } =
        new("customer.demand_invalid", 422, "The contract demand is out of range.", "Send kilowatts that the detail names, or leave the member out.");

    public static RefusalCode AccountTaken { get; } =
        new("customer.account_taken", 409, "The account belongs to another customer.", "Detach it from the other customer first.");

    public static RefusalCode AccountsTooMany { get; } =
        new("customer.accounts_too_many", 422, "The customer has too many accounts.", "Register the further accounts under another customer.");

    public static RefusalCode ContactOfCustomer { get; } =
        new("contact.of_customer", 409, "The account belongs to a customer, which decides area and manager.", "Change the customer, or leave the member out.");

    public static RefusalCode AreaUnknown { get; } =
        new("area.unknown", 404, "The area does not exist.", "Create the area first.");

    public static RefusalCode AreaInvalid { get; } =
        new("area.invalid", 422, "The area does not exist, or cannot be used here.", "Send an area that exists.");

    public static RefusalCode AreaCircle { get; } =
        new("area.circle", 422, "The area would lie in itself.", "Choose an area above it that is not below it.");

    public static RefusalCode AreaZoneInvalid { get; } =
        new("area.zone_invalid", 422, "The time zone is not known.", "Send an IANA zone such as Asia/Shanghai.");

    public static RefusalCode AreaNotOwn { get; } =
        new("area.not_own", 403, "The key may not look at this area.", "Ask for the area of the key or for one below it.");

    public static RefusalCode AssignmentPast { get; } =
        new("assignment.past", 422, "The assignment would begin in the past.", "Choose today or a later day.");

    public static RefusalCode AssignmentFileInvalid { get; } =
        new("assignment.file_invalid", 422, "The file has wrong lines. Nothing of it was taken.", "Correct the lines that the member errors names.");
}
