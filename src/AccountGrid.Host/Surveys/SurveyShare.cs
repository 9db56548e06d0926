namespace AccountGrid.Host.Surveys;

/// <summary>A share, 0 to 1, with its 95 % interval by Wilson, corrected for continuity below 30 answers.</summary>
public sealed record SurveyShare(double Share, double Low, double High);
