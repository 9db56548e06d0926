namespace AccountGrid.Domain.Refusals;

/// <summary>Refusals of keys, tokens and approvals.</summary>
public static class AccessRefusals
{
    public static RefusalCode KeyMissingOrUnknown { get; } =
        new("key.missing_or_unknown", 401, "The key or token is missing or not valid.", "Send a valid key in the Authorization header.");

    public static RefusalCode KeyNotAllowed { get; } =
        new("key.not_allowed", 403, "The key's role does not allow this.", "Use a key whose role and scope allow it.");

    public static RefusalCode KeyTooManyRequests { get; } =
        new("key.too_many_requests", 429, "The key has sent too many requests.", "Send the request again after Retry-After.");

    public static RefusalCode KeyUnknown { get; } =
        new("key.unknown", 404, "The key does not exist.", "Check the key's id.");

    public static RefusalCode KeyNameInvalid { get; } =
        new("key.name_invalid", 422, "The key's name is not valid.", "Send 1 to 128 characters.");

    public static RefusalCode KeyOverlapInvalid { get; } =
        new("key.overlap_invalid", 422, "The overlap is out of range.", "Send minutes in the range that the detail names.");

    public static RefusalCode KeyRoleInvalid { get; } =
        new("key.role_invalid", 422, "The role is not known.", "Send a role that the detail names.");

    public static RefusalCode KeyScopeInvalid { get; } =
        new("key.scope_invalid", 422, "The key's scope is not valid.", "Send the scope that the role needs.");

    public static RefusalCode OperatorUnknown { get; } =
        new("operator.unknown", 404, "The operator does not exist.", "Check the operator's name.");

    public static RefusalCode OperatorExists { get; } =
        new("operator.exists", 409, "An operator of this name exists.", "Choose another name, or change the operator.");

    public static RefusalCode OperatorNameInvalid { get; } =
        new("operator.name_invalid", 422, "The operator's name is not valid.", "Send the characters that the detail names.");

    public static RefusalCode OperatorRoleInvalid { get; } =
        new("operator.role_invalid", 422, "The role is not one of operators.", "Send a role that the detail names, with its scope.");

    public static RefusalCode OperatorPasswordInvalid { get; } =
        new("operator.password_invalid", 422, "The password is too short or too long.", "Send a password of the length that the detail names.");

    public static RefusalCode ApprovalNeeded { get; } =
        new("approval.needed", 422, "A second person must approve this.", "Have a second person approve it.");

    public static RefusalCode ApprovalUnknown { get; } =
        new("approval.unknown", 404, "The approval does not exist.", "Check the approval's id.");

    public static RefusalCode ApprovalNotPossible { get; } =
        new("approval.not_possible", 409, "The approval cannot be given.", "It does not exist, was answered, or needs a person other than the one who asked.");

    public static RefusalCode ApprovalContentDiffers { get; } =
        new("approval.content_differs", 409, "The approved content differs from what was asked for.", "Read the approval again and send its hash.");

    public static RefusalCode KeyMadeAlready { get; } =
        new("key.made_already", 409, "An API key was made with this idempotency key before.", "Revoke it if you do not have it, and make another.");
}
