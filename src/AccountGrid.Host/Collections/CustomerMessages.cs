using AccountGrid.Host.Notices;

namespace AccountGrid.Host.Collections;

/// <param name="Policy">Name of a policy pack.</param>
/// <param name="Class"><c>residential</c> (default), <c>business</c>, <c>industrial</c>, <c>important</c>.</param>
/// <param name="Traits">Any of <c>protected</c>, <c>vulnerable</c>, <c>neverCut</c>.</param>
/// <param name="Consent">Reference to what the customer signed to agree to prepaid control; absent leaves what was so.</param>
public sealed record CustomerRequest(string Policy, string Class = "residential", IReadOnlyList<string>? Traits = null, string? Consent = null);

/// <param name="Language"><c>zh-CN</c> or <c>en</c>.</param>
/// <param name="Channels">In order of preference: <c>sms</c>, <c>email</c>, <c>webhook</c>, <c>file</c>; at most five.</param>
/// <param name="Area">Area of the collector.</param>
/// <param name="Manager">Account manager of a large customer.</param>
public sealed record ContactRequest(string Language, IReadOnlyList<ContactChannel> Channels, string? Area = null, string? Manager = null);

/// <param name="Kind"><c>dispute</c>, <c>bereavement</c>, <c>dataQuality</c>, <c>weather</c>, <c>manual</c>.</param>
/// <param name="Until">When it ends by itself; absent: when it is lifted.</param>
public sealed record HoldRequest(string Kind, string Reason, DateTimeOffset? Until = null);

public sealed record AnnounceRequest(string Reference, DateTimeOffset Until);

public sealed record PlanRequest(IReadOnlyList<PlanInstalment> Instalments);

/// <param name="Day">Last local day, <c>yyyy-MM-dd</c>.</param>
/// <param name="Amount">Decimal string.</param>
public sealed record PlanInstalment(DateOnly Day, string Amount);

public sealed record PromiseRequest(DateOnly By);

/// <param name="Kind"><c>call</c>, <c>visit</c>, <c>letter</c>, <c>welfare-visit</c>, <c>authority-copy</c>.</param>
/// <param name="Outcome">
/// A code; what it proves is fixed. <c>call</c>: <c>reached</c>, <c>left-message</c>, <c>no-answer</c>, <c>refused</c>, <c>wrong-number</c>. <c>visit</c>: <c>delivered-in-hand</c>,
/// <c>reached</c>, <c>left-message</c>, <c>nobody-home</c>, <c>refused</c>, <c>wrong-address</c>. <c>letter</c>: <c>signed-for</c>, <c>sent</c>, <c>refused</c>, <c>returned</c>.
/// <c>welfare-visit</c>: <c>reached</c>, <c>nobody-home</c>, <c>refused</c>, <c>wrong-address</c>. <c>authority-copy</c>: <c>informed</c>, <c>no-answer</c>.
/// </param>
/// <param name="Case">Open case of this account that it closes. A delivery by hand and the authority's copy count only with the case that was opened for them.</param>
/// <param name="Note">Free text; it proves nothing.</param>
public sealed record ContactMadeRequest(string Kind, string Outcome, string? Case = null, string? Note = null);

public sealed record WaiverRequest(string Amount, string Reason);

/// <param name="SharePercent">Share of each payment, percent with at most two decimals.</param>
/// <param name="PerDay">Amount per day, decimal string.</param>
public sealed record DebtRequest(string Amount, string Reason, decimal SharePercent = 0, string PerDay = "0");

/// <param name="Mode"><c>prepaid</c>, <c>postpaid</c> or <c>instalments</c>.</param>
/// <param name="Consent">Reference to what the customer signed; needed for prepaid.</param>
/// <param name="DebtSharePercent">Where something is owed, it becomes a debt that this share of each payment recovers; percent with at most two decimals.</param>
/// <param name="DebtPerDay">And this amount per day, decimal string. With neither nothing may be owed.</param>
public sealed record ModeRequest(string Mode, string? Consent = null, decimal DebtSharePercent = 0, string DebtPerDay = "0");

/// <param name="Until">Until when nothing is cut, at most 90 days from now; absent: as long as the pack says. Then the whole wait begins anew.</param>
public sealed record RestoreRequest(string Reason, DateTimeOffset? Until = null);

public sealed record WriteOffRequest(string Amount, string Reason);

/// <summary>The account as its workflows see it.</summary>
/// <param name="Stage">Where it stands on the ladder.</param>
/// <param name="Unpaid">Of what is billed, without late fees.</param>
/// <param name="Relay">State of supply: <c>On</c>, <c>LastNotice</c>, <c>CutPlanned</c>, <c>CutReleased</c>, <c>Cut</c>, <c>Restoring</c>.</param>
public sealed record CustomerAnswer(
    string Account, string Policy, string Class, string Traits, string Stage, string? StageSince, int? OverdueDays, string Unpaid, string LateFees, string Debt, string Relay, decimal? DaysLeft,
    IReadOnlyList<string> Holds, ContactRequest? Contact, DateTimeOffset? NextLook);

/// <param name="Go">Supply may be cut now.</param>
/// <param name="Reasons">Every reason not to.</param>
/// <param name="Policy">Pack, version and hash that decided.</param>
/// <param name="Version">Version of the account that it holds for.</param>
public sealed record InterlockAnswer(string Account, bool Go, IReadOnlyList<InterlockReasonAnswer> Reasons, string Policy, long Version, DateTimeOffset At, System.Text.Json.JsonElement Facts);

public sealed record InterlockReasonAnswer(string Code, string Detail);

/// <param name="Hash">The <c>hash</c> of the approval as <c>GET /v1/approvals/{id}</c> shows it.</param>
public sealed record ApprovalDecision(bool Agree, string Hash);

/// <param name="State"><c>open</c>, <c>escalated</c> or <c>closed</c>.</param>
public sealed record CaseAnswer(string Id, string Account, string Kind, DateTimeOffset At, string Due, string Amount, string? Assignee, string State, string? Outcome, string? ClosedBy);

/// <param name="Outcome">With a contact a code, as of <c>POST /v1/accounts/{id}/contacts</c>; without one free text.</param>
/// <param name="Contact">Kind of the contact that was made; absent is none.</param>
/// <param name="Note">Free text.</param>
public sealed record CloseCaseRequest(string Outcome, string? Contact = null, string? Note = null);
