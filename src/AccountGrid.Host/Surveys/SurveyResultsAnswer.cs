namespace AccountGrid.Host.Surveys;

/// <summary>Results of a month that is over.</summary>
/// <param name="Comments">What customers wrote, in alphabetical order, if the total is shown.</param>
public sealed record SurveyResultsAnswer(string Month, IReadOnlyList<SurveyGroup> Groups, IReadOnlyList<string> Comments);
