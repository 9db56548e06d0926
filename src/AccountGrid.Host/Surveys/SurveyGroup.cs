namespace AccountGrid.Host.Surveys;

/// <summary>Results of one group.</summary>
/// <param name="By"><c>total</c>, <c>occasion</c>, <c>area</c>, <c>manager</c>, <c>collector</c> or <c>channel</c>.</param>
/// <param name="Answers">Number of answers; null with all other figures if the group is too small to be shown, or would give a smaller one away.</param>
/// <param name="Satisfied">Share of 4 and 5 of 5.</param>
/// <param name="MeanSatisfaction">1 to 5.</param>
/// <param name="EffortAnswers">Number of answers about effort.</param>
/// <param name="Easy">Share of 5 and more of 7.</param>
/// <param name="Rank">Among the groups of its kind, by the lower bound of the interval; null below 30 answers.</param>
public sealed record SurveyGroup(
    string By, string Name, int? Answers, SurveyShare? Satisfied, double? MeanSatisfaction, int? EffortAnswers, SurveyShare? Easy, int? Rank);
