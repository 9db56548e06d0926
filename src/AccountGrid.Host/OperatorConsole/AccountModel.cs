using AccountGrid.Host.Accounts;
using AccountGrid.Host.Billing;
using AccountGrid.Host.Cases;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Http;
using AccountGrid.Host.Notices;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>All that the page of an account shows; null is not for the operator's role, or is not there.</summary>
/// <param name="Timeline">What happened last, with who did what: for those who may see that. Others have the page of the timeline.</param>
/// <param name="Customer">Null where the account is under no policy pack: no notices and no stages.</param>
public sealed record AccountModel(
    AccountAnswer Account, BalanceAnswer Balance, CustomerAnswer? Customer, InterlockAnswer? Interlock, Page<EntryAnswer>? Entries,
    IReadOnlyList<NoticeAnswer>? Notices, IReadOnlyList<BillAnswer>? Bills, Page<CaseAnswer>? Cases, Page<TimelineRow>? Timeline);
