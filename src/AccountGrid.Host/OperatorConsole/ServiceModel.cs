using AccountGrid.Host.Complaints;
using AccountGrid.Host.Surveys;

namespace AccountGrid.Host.OperatorConsole;

/// <summary>What customers say: complaints that are open, or those of an account, and results of surveys.</summary>
/// <param name="Account">Whose complaints are listed; null is all that are open.</param>
/// <param name="Month">Whose results are shown.</param>
/// <param name="Next">Cursor of the next page of complaints.</param>
public sealed record ServiceModel(
    string? Account, string Month, ConsolePart<IReadOnlyList<ComplaintAnswer>> Complaints, string? Next, ConsolePart<SurveyResultsAnswer> Results);
