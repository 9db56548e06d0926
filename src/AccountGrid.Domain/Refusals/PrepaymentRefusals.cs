namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of offers of prepaid terms.</summary>
public static class PrepaymentRefusals
{
    public static RefusalCode TooLittleKnown { get; } =
        new("prepayment.too_little_known", 422, "Too few days of the account are known to say what they would have cost.", "Ask again when a month is over.");

    public static RefusalCode OfferUnknown { get; } =
        new("prepayment.offer_unknown", 404, "The account has no such offer.", "Make an offer, or use the id that one had.");

    public static RefusalCode OfferOver { get; } =
        new("prepayment.offer_over", 409, "The offer was answered otherwise, or is too old.", "Make a new offer.");

    public static RefusalCode TextDiffers { get; } =
        new("prepayment.text_differs", 422, "The consent is to another text than the offer's.", "Have the customer agree to the text of the offer.");
}
