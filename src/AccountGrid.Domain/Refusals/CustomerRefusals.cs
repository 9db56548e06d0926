namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of customers, holds, cases and notices.</summary>
public static class CustomerRefusals
{
    public static RefusalCode NoContact { get; } =
        new("contact.none", 404, "The account has no contact.", "PUT its contact first.");

    public static RefusalCode NoPolicy { get; } =
        new("customer.no_policy", 422, "The account is under no policy pack.", "Set the account's customer first.");

    public static RefusalCode ClassInvalid { get; } =
        new("customer.class_invalid", 422, "The class is not known.", "Send a class that the detail names.");

    public static RefusalCode TraitInvalid { get; } =
        new("customer.trait_invalid", 422, "A trait is not known.", "Send traits that the detail names.");

    public static RefusalCode ConsentNoReference { get; } =
        new("customer.consent_no_reference", 422, "Consent to prepaid control needs a reference.", "Send the reference of the signed consent.");

    public static RefusalCode ContactLanguageInvalid { get; } =
        new("contact.language_invalid", 422, "There are no texts in this language.", "Send a language that the detail names.");

    public static RefusalCode ContactChannelInvalid { get; } =
        new("contact.channel_invalid", 422, "A notice channel is not known, or there are too many.", "Send channels that the detail names.");

    public static RefusalCode ContactToInvalid { get; } =
        new("contact.to_invalid", 422, "The address is not valid.", "Send a telephone number or an address.");

    public static RefusalCode ContactKindUnknown { get; } =
        new("contact.kind_unknown", 422, "The kind of contact is not known.", "Send a kind that the detail names.");

    public static RefusalCode ContactOutcomeUnknown { get; } =
        new("contact.outcome_unknown", 422, "The outcome does not belong to this kind of contact.", "Send an outcome that the detail names.");

    public static RefusalCode HoldKindInvalid { get; } =
        new("hold.kind_invalid", 422, "The kind of hold is not valid here.", "Send a kind that the detail names.");

    public static RefusalCode HoldOver { get; } =
        new("hold.over", 422, "The hold would be over already.", "Choose a time in the future.");

    public static RefusalCode HoldUnknown { get; } =
        new("hold.unknown", 422, "No such hold stands.", "Nothing needs to be done.");

    public static RefusalCode ComplaintTooMany { get; } =
        new("complaint.too_many", 409, "The account has too many open grievances.", "Resolve one of them first.");

    public static RefusalCode ComplaintUnknown { get; } =
        new("complaint.unknown", 404, "The complaint does not exist.", "Check the complaint's id.");

    public static RefusalCode ComplaintResolved { get; } =
        new("complaint.resolved", 409, "The complaint was decided already.", "Nothing needs to be done. File another complaint if there is a new one.");

    public static RefusalCode ComplaintTopicInvalid { get; } =
        new("complaint.topic_invalid", 422, "The topic is not known.", "Send a topic that the detail names.");

    public static RefusalCode ComplaintOutcomeInvalid { get; } =
        new("complaint.outcome_invalid", 422, "The outcome is not known.", "Send an outcome that the detail names.");

    public static RefusalCode PageOff { get; } =
        new("page.off", 409, "Customers have no pages of their own in this grid.", "Set Notices__CustomerPageUrl to where customers reach them.");

    public static RefusalCode SurveyMonthInvalid { get; } =
        new("survey.month_invalid", 422, "The month is not one whose results can be shown.", "Send a month that is over, such as 2026-10.");

    public static RefusalCode CaseUnknown { get; } =
        new("case.unknown", 422, "The case is not an open case of this account.", "Check the case's id.");

    public static RefusalCode CaseNotOpen { get; } =
        new("case.not_open", 409, "The case does not exist or is closed.", "Check the case's id.");

    public static RefusalCode CaseMissing { get; } =
        new("case.missing", 404, "The case does not exist.", "Check the case's id.");

    public static RefusalCode CaseResultInvalid { get; } =
        new("case.result_invalid", 422, "The result is not known, or cannot be the result of this case.", "Send a result that the detail names.");

    public static RefusalCode CasePriorityInvalid { get; } =
        new("case.priority_invalid", 422, "The priority is not known.", "Send low, normal, high or urgent.");

    public static RefusalCode CaseDueInvalid { get; } =
        new("case.due_invalid", 422, "The deadline is out of range.", "Send a number of working hours that the detail names.");

    public static RefusalCode CaseClosedByWork { get; } =
        new("case.closed_by_work", 409, "The case closes with the work that it is about.", "Assign the payment, or sign the day off.");

    public static RefusalCode CasePostponeInvalid { get; } =
        new("case.postpone_invalid", 422, "The case cannot be postponed to this day.", "Choose a day that the detail names.");

    public static RefusalCode CaseNotPostponable { get; } =
        new("case.not_postponable", 409, "The deadline of this kind of case cannot be moved.", "Do the case, or hand it over.");

    public static RefusalCode NoticeUnknown { get; } =
        new("notice.unknown", 404, "The notice does not exist.", "Check the notice's id.");

    public static RefusalCode NoticeStateInvalid { get; } =
        new("notice.state_invalid", 422, "The state of delivery is not known.", "Send delivered or failed.");

    public static RefusalCode NoticeChannelNeeded { get; } =
        new("notice.channel_needed", 422, "The notice was sent by several channels.", "Name the channel that reports.");

    public static RefusalCode NoticeNotHandedOver { get; } =
        new("notice.not_handed_over", 409, "The notice was never sent to this channel.", "Check the notice's id and the channel.");
}
