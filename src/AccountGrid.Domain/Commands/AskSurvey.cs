using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Commands;

/// <summary>Asks a customer how satisfied it is: a notice with a link.</summary>
/// <param name="SurveyId">The survey's id: 32 hexadecimal digits, random.</param>
public sealed record AskSurvey(int Account, string SurveyId, SurveyOccasion Occasion) : AccountCommand(Account);
