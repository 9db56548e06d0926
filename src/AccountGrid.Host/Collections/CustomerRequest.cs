namespace AccountGrid.Host.Collections;

/// <param name="Policy">Name of a policy pack.</param>
/// <param name="Class"><c>residential</c> (default), <c>business</c>, <c>industrial</c>, <c>important</c>.</param>
/// <param name="Traits">Any of <c>protected</c>, <c>vulnerable</c>, <c>neverCut</c>.</param>
/// <param name="Consent">Reference to what the customer signed to agree to prepaid control; absent leaves what was so.</param>
public sealed record CustomerRequest(string Policy, string Class = "residential", IReadOnlyList<string>? Traits = null, string? Consent = null);
