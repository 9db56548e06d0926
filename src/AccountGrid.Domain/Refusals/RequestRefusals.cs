namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of requests as such: their form, their size and the fields that all endpoints share.</summary>
public static class RequestRefusals
{
    public static RefusalCode IdInvalid { get; } =
        new("id.invalid", 422, "The id is not valid.", "Use 1 to 32 visible ASCII characters without / \\ ? # %, and not . or .. alone.");

    public static RefusalCode AmountInvalid { get; } =
        new("amount.invalid", 422, "The amount is not valid.", "Send a decimal string such as \"128.50\" within the range that the detail names.");

    public static RefusalCode TextInvalid { get; } =
        new("text.invalid", 422, "The text is not valid.", "Shorten the text, or remove its control characters.");

    public static RefusalCode SpanInvalid { get; } =
        new("span.invalid", 422, "The span of days is not valid.", "Send a first day that is not behind the last, and no more days than the detail allows.");

    public static RefusalCode Invalid { get; } =
        new("request.invalid", 400, "A parameter or a header is not valid.", "Correct what the detail names.");

    public static RefusalCode BodyMissing { get; } =
        new("request.body_missing", 400, "The body is missing.", "Send a JSON object; {} at least.");

    public static RefusalCode JsonInvalid { get; } =
        new("request.json_invalid", 400, "The body is not JSON.", "Correct the JSON.");

    public static RefusalCode ParameterUnknown { get; } =
        new("request.parameter_unknown", 400, "A query parameter is not known.", "Remove it, or correct its name; the detail lists the known names.");

    public static RefusalCode ParameterDuplicate { get; } =
        new("request.parameter_duplicate", 400, "A query parameter is given twice.", "Send it once.");

    public static RefusalCode MemberUnknown { get; } =
        new("request.member_unknown", 400, "A member is not known.", "Remove it, or correct its name; the detail lists the known names.");

    public static RefusalCode MemberDuplicate { get; } =
        new("request.member_duplicate", 400, "A member is given twice.", "Send it once.");

    public static RefusalCode MemberMissing { get; } =
        new("request.member_missing", 400, "A required member is missing.", "Add it.");

    public static RefusalCode ValueInvalid { get; } =
        new("request.value_invalid", 400, "A value has the wrong type or is out of range.", "Send what the detail names.");

    public static RefusalCode BodyCharsetUnsupported { get; } =
        new("body.charset_unsupported", 415, "The charset is not UTF-8.", "Send UTF-8.");

    public static RefusalCode BodyEncodingUnsupported { get; } =
        new("body.encoding_unsupported", 415, "The content encoding is not supported.", "Send gzip or no encoding.");

    public static RefusalCode BodyGzipInvalid { get; } =
        new("body.gzip_invalid", 400, "The body is not valid gzip.", "Compress it again and send the whole of it.");

    public static RefusalCode BodyJsonInvalid { get; } =
        new("body.json_invalid", 400, "The body is not a valid batch of readings.", "Send a JSON object with a list named readings, or one reading a line.");

    public static RefusalCode BodyTooLarge { get; } =
        new("body.too_large", 413, "The body is too large.", "Send smaller batches.");

    public static RefusalCode BodyTooSlow { get; } =
        new("body.too_slow", 408, "The body arrived too slowly.", "Send smaller batches, or compress them with gzip.");

    public static RefusalCode BodyTypeUnsupported { get; } =
        new("body.type_unsupported", 415, "The content type is not supported.", "Send the content type that the detail names.");

    public static RefusalCode BatchEmpty { get; } =
        new("batch.empty", 400, "The batch has no items.", "Send at least one item.");

    public static RefusalCode BatchTooManyItems { get; } =
        new("batch.too_many_items", 413, "The batch has too many items.", "Send smaller batches.");

    public static RefusalCode RegistrationEmpty { get; } =
        new("registration.empty", 0, "The line registers nothing.", "Give the line an account, a meter or both.");

    public static RefusalCode IdempotencyKeyMissing { get; } =
        new("idempotency.key_missing", 400, "The Idempotency-Key header is missing.", "Send a key of your own, a new one for each change.");

    public static RefusalCode IdempotencyKeyInvalid { get; } =
        new("idempotency.key_invalid", 400, "The Idempotency-Key is not valid.", "Send 1 to 128 characters without control characters.");

    public static RefusalCode IdempotencyKeyReused { get; } =
        new("idempotency.key_reused", 422, "The Idempotency-Key was used for another request.", "Use a new key for each change.");

    public static RefusalCode ChangedSince { get; } =
        new("request.changed_since", 412, "It was changed since it was read.", "Read it again, and send the change with the tag that it has now.");

    public static RefusalCode ConditionUnsupported { get; } =
        new("request.condition_unsupported", 400, "The request has a condition that this endpoint does not look at.", "Leave the header out.");

    public static RefusalCode RouteUnknown { get; } =
        new("route.unknown", 404, "There is no such resource.", "Check method and path.");

    public static RefusalCode MethodNotAllowed { get; } =
        new("method.not_allowed", 405, "The method is not allowed for this path.", "Use a method that the API description names.");
}
